import pytest
from PySide6.QtCore import Qt

from ui.device_box import DeviceBox, DeviceItem

HEADSET = DeviceItem("alsa_input.usb", "Headset", True)
CAMERA = DeviceItem("alsa_input.cam", "Camera")


@pytest.fixture
def box(qtbot):
    made = DeviceBox("Microphone")
    qtbot.addWidget(made)
    made.resize(300, 34)
    with qtbot.waitExposed(made):
        made.show()
    return made


def words(box):
    return [box.itemText(row) for row in range(box.count())]


def test_default_is_marked_and_comes_first(box):
    box.show_devices([HEADSET, CAMERA])

    assert words(box) == ["System default – Headset", "Headset (default)", "Camera"]
    assert (box.chosen, box.absence) == (None, "")


def test_exact_name_is_told(box):
    box.show_devices([HEADSET, CAMERA])
    box.choose("alsa_input.cam")

    assert "alsa_input.cam" in box.toolTip()


def test_keys_choose(qtbot, box):
    told = []
    box.show_devices([HEADSET, CAMERA])
    box.device_chosen.connect(told.append)

    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box, Qt.Key.Key_Down)
    qtbot.keyClick(box, Qt.Key.Key_Home)

    assert told == ["alsa_input.usb", "alsa_input.cam", None]


def test_click_in_the_list_chooses(qtbot, box):
    box.show_devices([HEADSET, CAMERA])
    box.showPopup()
    view = box.view()
    qtbot.waitUntil(view.isVisible)

    place = view.visualRect(view.model().index(2, 0)).center()
    qtbot.mouseMove(view.viewport(), place)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert box.chosen == "alsa_input.cam"


def test_absent_device_stays_chosen_and_says_so(box):
    box.choose("alsa_input.cam")
    box.show_devices([HEADSET])

    assert box.currentText() == "alsa_input.cam – not connected"
    assert (box.chosen, box.absence) == ("alsa_input.cam", "microphone alsa_input.cam is not connected")
    assert box.property("state") == "missing"


def test_device_that_comes_back_is_no_longer_missing(box):
    box.choose("alsa_input.cam")
    box.show_devices([HEADSET])

    box.show_devices([HEADSET, CAMERA])

    assert (box.currentText(), box.absence, box.property("state")) == ("Camera", "", "")


def test_list_that_is_not_known_yet_accuses_nobody(box):
    box.choose("alsa_input.cam")

    assert (box.currentText(), box.absence) == ("alsa_input.cam", "")


def test_machine_without_devices_says_so(box):
    box.show_devices([])

    assert (box.currentText(), box.absence) == ("System default – none found", "no microphone is connected")


def test_new_list_is_no_choice(qtbot, box):
    box.choose("alsa_input.cam")

    with qtbot.assertNotEmitted(box.device_chosen):
        box.show_devices([HEADSET, CAMERA])
        box.show_devices([CAMERA])
        box.show_devices([])

    assert box.chosen == "alsa_input.cam"
