import pytest

from ui.history_plot import EVERY, SPAN, HistoryPlot


@pytest.fixture
def plot(qtbot):
    made = HistoryPlot()
    qtbot.addWidget(made)
    made.resize(300, 64)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_moments_are_kept_for_two_minutes_and_no_longer(plot):
    for step in range(1000):
        plot.add(step * EVERY, 0.2, 0.1, 0)

    assert len(plot.moments) == round(SPAN / EVERY)
    assert plot.moments[-1].time == 999 * EVERY


def test_more_than_two_moments_a_second_are_not_kept(plot):
    for step in range(10):
        plot.add(step * EVERY / 10, 0.2, 0.1, 0)

    assert len(plot.moments) == 1


def test_late_hop_is_marked_once(plot):
    for step, late in enumerate((0, 2, 2, 3)):
        plot.add(step * EVERY, 0.2, 0.1, late)

    assert [moment.is_late for moment in plot.moments] == [False, True, False, True]


def test_lines_are_drawn_and_forgotten(plot):
    blank = plot.grab().toImage()
    plot.add(0.0, 0.2, 0.1, 0)
    plot.add(1.0, 0.8, 0.15, 1)
    assert plot.grab().toImage() != blank

    plot.clear()

    assert plot.grab().toImage() == blank
