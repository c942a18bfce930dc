"""PySide6 6.12.0 loses a reference to None with every void call, until Python 3.11 dies of it."""

import sys

from PySide6.QtWidgets import QApplication

from ui.level_meter import LevelMeter
from ui.state_line import Mood, StateLine

REPAINTS = 300


def test_painting_keeps_the_references_to_none(qtbot):
    meter, line = LevelMeter("level"), StateLine()
    for widget in (meter, line):
        qtbot.addWidget(widget)
        widget.resize(300, 40)
        widget.show()
    paint(meter, line, 5)
    before = sys.getrefcount(None)

    paint(meter, line, REPAINTS)

    assert abs(sys.getrefcount(None) - before) < REPAINTS


def paint(meter, line, times):
    for step in range(times):
        meter.show_level((step % 10) / 10, step / 30)
        meter.repaint()
        line.show_state(list(Mood)[step % 5], str(step))
        line.repaint()
        QApplication.processEvents()
