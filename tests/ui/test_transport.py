import pytest
from PySide6.QtCore import Qt

from ui.transport import Transport


@pytest.fixture
def transport(qtbot):
    made = Transport()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_one_button_starts_and_stops(qtbot, transport):
    with qtbot.waitSignal(transport.start_asked):
        qtbot.mouseClick(transport.start, Qt.MouseButton.LeftButton)
    transport.show_running(True)

    with qtbot.waitSignal(transport.stop_asked):
        qtbot.mouseClick(transport.start, Qt.MouseButton.LeftButton)

    assert transport.start.text() == "&Stop"


@pytest.mark.parametrize(
    ("key", "signal", "arguments"),
    [
        (Qt.Key.Key_S, "start_asked", []),
        (Qt.Key.Key_P, "passthrough_chosen", [True]),
        (Qt.Key.Key_U, "mute_chosen", [True]),
    ],
)
def test_letters_work_the_buttons(qtbot, transport, key, signal, arguments):
    transport.activateWindow()

    with qtbot.waitSignal(getattr(transport, signal)) as told:
        qtbot.keyClick(transport, key, Qt.KeyboardModifier.AltModifier)

    assert told.args == arguments
