import pytest

from ui.state_line import Mood, StateLine


@pytest.fixture
def line(qtbot):
    made = StateLine()
    qtbot.addWidget(made)
    made.resize(400, 60)
    return made


def test_state_is_shown_and_spoken(line):
    line.show_state(Mood.ERROR, "Not running", "No output 'x'.")

    assert (line.mood, line.headline.text(), line.sentence.text()) == (Mood.ERROR, "Not running", "No output 'x'.")
    assert line.accessibleName() == "Not running. No output 'x'."


def test_every_mood_has_its_own_shape(line):
    pictures = []
    for mood in Mood:
        line.show_state(mood, "")
        image = line.sign.grab().toImage()
        ground = image.pixelColor(0, 0)
        pictures.append(
            tuple(image.pixelColor(x, y) != ground for x in range(image.width()) for y in range(image.height()))
        )

    assert len(set(pictures)) == len(Mood)


def test_long_sentence_asks_for_no_wider_window(line):
    line.show_state(Mood.WARNING, "Live", "word " * 200)

    assert line.minimumSizeHint().width() < 400
