import pytest

from ui.delay_bar import DelayBar, part_colours

DELAY = {
    "input_block": 0.01,
    "hop": 0.02,
    "margin": 0.03,
    "output_block": 0.01,
    "device": 0.02,
    "input_resampler": 0.0015,
}


@pytest.fixture
def bar(qtbot):
    made = DelayBar()
    qtbot.addWidget(made)
    made.resize(500, 120)
    return made


def test_total_and_parts_are_told_in_words(bar):
    bar.show_delay(DELAY, measured=True)

    assert bar.total.text() == "92 ms"
    assert bar.words == (
        "Delay 92 ms from microphone to output: "
        "Device in 10 ms, Resampling 1.5 ms, Hop 20 ms, Margin 30 ms, Device out 30 ms"
    )
    assert bar.accessibleName() == bar.words


def test_expected_delay_says_that_it_is_expected(bar):
    bar.show_delay(DELAY, measured=False)

    assert "expected" in bar.note.text()


def test_part_that_vanishes_leaves_the_words(bar):
    bar.show_delay(DELAY, measured=True)

    bar.show_delay({"hop": 0.02}, measured=True)

    assert bar.words == "Delay 20 ms from microphone to output: Hop 20 ms"


def test_bar_is_true_to_scale(bar):
    bar.show_delay({"hop": 0.1, "margin": 0.3}, measured=True)

    strip = bar.strip.grab().toImage()
    colours = part_colours(bar.palette())
    hop, margin = (
        sum(strip.pixelColor(x, 8).name() == colours[place] for x in range(strip.width())) for place in (2, 5)
    )
    assert margin / hop == pytest.approx(3, rel=0.1)
