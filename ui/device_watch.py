"""The sound devices that are there, looked up again and again beside the window."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from rtvc.devices import Device, played_on
from rtvc.errors import RtvcError
from ui.background import Background
from ui.device_box import DeviceItem
from ui.language import translate

PERIOD_MS = 2000


class DeviceWatch(QObject):
    """Asks for the devices at once and then every two seconds, until `stop`; never two questions at a time.

    Signals: `found(tuple)`, the devices (empty where nobody could be asked), and `fault`, a sentence why not.
    """

    found = Signal(object)
    fault_changed = Signal(str)

    def __init__(self, list_devices: Callable[[], tuple[Device, ...]]) -> None:
        super().__init__()
        self._list = list_devices
        self._asked = False
        self._fault = ""
        self._background = Background("devices")
        self._timer = QTimer(self)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look now and go on looking."""
        self._timer.start()
        self.look()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self) -> None:
        """Ask once, unless an answer is still to come."""
        if not self._asked:
            self._asked = True
            self._background.run(self._list, self._on_listed, self._on_failed)

    def _on_listed(self, devices: tuple[Device, ...]) -> None:
        self._asked = False
        self._tell("")
        self.found.emit(devices)

    def _on_failed(self, error: RtvcError) -> None:
        self._asked = False
        self._tell(str(error))
        self.found.emit(())

    def _tell(self, fault: str) -> None:
        if fault != self._fault:
            self._fault = fault
            self.fault_changed.emit(fault)


def shown_inputs(devices: Iterable[Device]) -> list[DeviceItem]:
    """Return the inputs as the window lists them, what outputs play last."""
    known = tuple(devices)
    outputs = {one.name: _item(one).title for one in known if one.is_output}
    inputs = sorted((one for one in known if one.is_input), key=lambda one: one.is_monitor)
    return [_monitor_item(one, outputs) if one.is_monitor else _item(one) for one in inputs]


def shown_outputs(devices: Iterable[Device]) -> list[DeviceItem]:
    """Return the outputs as the window lists them."""
    return [_item(one) for one in devices if one.is_output]


def _monitor_item(device: Device, outputs: Mapping[str, str]) -> DeviceItem:
    output = outputs.get(played_on(device.name), device.description or device.name)
    return DeviceItem(
        device.name, translate("rtvc", "What is played on {output}").format(output=output), device.is_default
    )


def _item(device: Device) -> DeviceItem:
    return DeviceItem(device.name, device.description or device.name, device.is_default)
