import threading

import pytest

from rtvc.devices import Device
from rtvc.errors import DeviceError
from ui.device_box import DeviceItem
from ui.device_watch import DeviceWatch, shown_inputs, shown_outputs

MIC = Device("mic", "Microphone", True, False, True, 48000)
SPEAKER = Device("out", "", False, True, False, 48000)
MONITOR = Device("out.monitor", "Monitor of out", True, False, False, 48000, True)


def test_devices_are_found_beside_the_window(qtbot):
    watch = DeviceWatch(lambda: (MIC, threading.get_ident()))

    with qtbot.waitSignal(watch.found) as told:
        watch.look()

    assert told.args[0][0] == MIC
    assert told.args[0][1] != threading.get_ident()


def test_server_that_is_gone_is_told_once_and_leaves_no_devices(qtbot):
    def fail():
        raise DeviceError("no sound server")

    watch = DeviceWatch(fail)
    faults, lists = [], []
    watch.fault_changed.connect(faults.append)
    watch.found.connect(lists.append)

    for count in (1, 2):
        watch.look()
        qtbot.waitUntil(lambda count=count: len(lists) == count)

    assert (faults, lists) == (["no sound server"], [(), ()])


def test_slow_server_is_asked_once_at_a_time(qtbot):
    gate, asked = threading.Event(), []

    def slow():
        asked.append(1)
        gate.wait(10)
        return ()

    watch = DeviceWatch(slow)
    for _ in range(3):
        watch.look()
    with qtbot.waitSignal(watch.found):
        gate.set()

    assert asked == [1]


def test_watch_goes_on_until_it_is_stopped(qtbot):
    asked = []
    watch = DeviceWatch(lambda: asked.append(1) or ())
    watch._timer.setInterval(10)

    watch.start()
    qtbot.waitUntil(lambda: len(asked) >= 3)
    watch.stop()
    count = len(asked)
    qtbot.wait(50)

    assert len(asked) <= count + 1


@pytest.mark.parametrize(
    ("shown", "items"),
    [
        (shown_inputs, [DeviceItem("mic", "Microphone", True), DeviceItem("out.monitor", "What is played on out")]),
        (shown_outputs, [DeviceItem("out", "out")]),
    ],
)
def test_lists_hold_what_fits_them(shown, items):
    assert shown([MONITOR, SPEAKER, MIC]) == items
