import pytest

from ui.level_meter import LevelMeter
from ui.theme import LIGHT


@pytest.fixture
def meter(qtbot):
    made = LevelMeter("Microphone level")
    qtbot.addWidget(made)
    made.resize(300, 14)
    return made


@pytest.mark.parametrize(
    ("level", "level_db"),
    [(0.0, -60.0), (0.0001, -60.0), (0.01, -40.0), (0.1, -20.0), (1.0, 0.0), (2.0, 0.0), (-1.0, -60.0)],
)
def test_level_is_shown_in_decibels(meter, level, level_db):
    meter.show_level(level, 0.0)

    assert meter.level_db == pytest.approx(level_db, abs=0.01)


def test_level_rises_at_once_and_falls_slowly(meter):
    meter.show_level(0.1, 0.0)
    meter.show_level(0.0, 0.5)

    assert meter.level_db == pytest.approx(-33.0)
    meter.show_level(0.1, 0.6)
    assert meter.level_db == pytest.approx(-20.0)


def test_loudest_moment_is_held_and_then_falls(meter):
    meter.show_level(0.1, 0.0)
    meter.show_level(0.0, 1.1)
    held = meter.held_db
    meter.show_level(0.0, 1.3)

    assert held == pytest.approx(-20.0)
    assert meter.held_db < held


def test_clipping_lights_for_two_seconds_and_is_told(meter):
    meter.show_level(1.0, 0.0)

    assert meter.clipped
    assert meter.accessibleDescription() == "Clipping: too loud"
    meter.show_level(0.1, 1.9)
    assert meter.clipped
    meter.show_level(0.1, 2.1)
    assert not meter.clipped


def test_clear_forgets_everything(meter):
    meter.show_level(1.0, 0.0)

    meter.clear()

    assert (meter.level_db, meter.held_db, meter.clipped, meter.value()) == (-60.0, -60.0, False, -60)


def test_assistive_programs_hear_of_it_once_a_second_at_most(meter):
    told = []
    meter.valueChanged.connect(told.append)

    for step in range(31):
        meter.show_level(0.5 if step % 2 else 0.001, step / 10)

    assert 2 <= len(told) <= 4


@pytest.mark.parametrize(("level", "colour"), [(0.1, LIGHT.good), (0.4, LIGHT.warning), (0.9, LIGHT.error)])
def test_bar_ends_in_the_colour_of_its_level(meter, level, colour):
    meter.show_level(level, 0.0)

    end = round((meter.level_db + 60) / 60 * 260) - 6
    assert meter.grab().toImage().pixelColor(end, 7).name() == colour


def test_picture_shows_no_rest_of_an_older_level(meter, qtbot):
    meter.show()
    for step in range(60):
        meter.show_level(abs((step * 37) % 100) / 100, step / 30)
        meter.repaint()
    meter.show_level(0.05, 10.0)
    meter.repaint()
    fresh = LevelMeter("fresh")
    qtbot.addWidget(fresh)
    fresh.resize(300, 14)
    fresh.show_level(0.05, 10.0)

    assert meter.grab().toImage() == fresh.grab().toImage()
