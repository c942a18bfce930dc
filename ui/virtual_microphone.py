"""Joins the switch of the virtual microphone to the sound server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from rtvc.errors import DeviceError, RtvcError
from ui.background import Background
from ui.language import translate
from ui.notices import Notices
from ui.sound_panel import SoundPanel

if TYPE_CHECKING:
    from collections.abc import Callable


class Microphone(Protocol):
    """What is needed of a virtual microphone; `rtvc.virtual_mic.owning.VirtualMicrophone` is one."""

    output: str

    def tend(self) -> bool:
        """Make it again where it has gone."""

    def close(self) -> None:
        """Remove it where it is ours."""


def make_virtual() -> Microphone:
    """Make the virtual microphone; DeviceError, saying what to do instead where none can be made."""
    from rtvc.devices import is_served
    from rtvc.virtual_mic.owning import VirtualMicrophone
    from rtvc.virtual_mic.state import virtual_state

    if not is_served():
        raise DeviceError(virtual_state().words)
    return VirtualMicrophone()


class VirtualSwitch(QObject):
    """Makes the microphone, plays into it, and takes it away again.

    Signals: `output_wanted(object)`, the device to play to: the microphone's, or None for the one before.
    """

    output_wanted = Signal(object)

    def __init__(self, panel: SoundPanel, notices: Notices, make: Callable[[], Microphone] | None = None) -> None:
        super().__init__()
        self._panel, self._notices, self._make = panel, notices, make if make is not None else make_virtual
        self._microphone: Microphone | None = None
        self._before: str | None = None
        self._background = Background("virtual microphone")
        panel.virtual_chosen.connect(self._on_chosen)

    def resume(self) -> None:
        """Make it again where it was played into when the program ended, or its other end is not there."""
        from rtvc.virtual_mic.server import SINK

        if self._panel.output.chosen == SINK and self._microphone is None and not self._panel.virtual.isChecked():
            self._panel.virtual.setChecked(True)
            self._background.run(self._make, self._on_made, self._on_failed)

    def tend(self) -> None:
        """See to it that it is still there; asked whenever the devices are looked at."""
        microphone = self._microphone
        if microphone is not None:
            self._background.run(microphone.tend)

    def close(self, limit: float) -> bool:
        """Take it away; False where that takes longer than `limit` seconds."""
        self._background.run(self._remove)
        return self._background.close(limit)

    def _on_chosen(self, is_wanted: bool) -> None:
        if is_wanted:
            self._before = self._panel.output.chosen
            self._background.run(self._make, self._on_made, self._on_failed)
        else:
            self.output_wanted.emit(self._before)
            self._background.run(self._remove, failed=self._on_failed)
            self._notices.clear()

    def _remove(self) -> None:
        microphone, self._microphone = self._microphone, None
        if microphone is not None:
            microphone.close()

    def _on_made(self, microphone: Microphone) -> None:
        self._microphone = microphone
        self.output_wanted.emit(microphone.output)
        self._notices.say(translate("rtvc", "Choose “rtvc microphone” as the microphone of your call, game or stream."))

    def _on_failed(self, error: RtvcError) -> None:
        self._panel.virtual.setChecked(False)
        self._notices.warn(str(error))
