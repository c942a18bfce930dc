"""Joins the sound panel to the devices that are there, the settings, the virtual microphone and the recorder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QObject, QSignalBlocker, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from rtvc.devices import Device, recording_of
from rtvc.status import Levels, State, Status
from ui.chore import MakeErrand, make_errand
from ui.device_checks import DeviceChecks
from ui.device_watch import DeviceWatch, shown_inputs, shown_outputs
from ui.file_choice import HEARD, choose_files
from ui.kept_settings import KeptSettings
from ui.language import translate
from ui.notices import Notices
from ui.sound_panel import SoundPanel
from ui.virtual_microphone import VirtualSwitch

if TYPE_CHECKING:
    from ui.runner import Runner


class SoundDesk(QObject):
    """Which devices are chosen, and whether what passes is recorded.

    Signals: `changed`, when what runs must begin anew to hear or play otherwise; `absence_told(str)`, which chosen
    devices are absent; `fault_told(str)`, why no devices can be listed; `inputs_found(object)`, what may be heard;
    `recording_heard(bool)`, whether a recording is to be heard in the microphone's place.
    """

    changed = Signal()
    absence_told = Signal(str)
    fault_told = Signal(str)
    inputs_found = Signal(object)
    recording_heard = Signal(bool)

    def __init__(
        self,
        panel: SoundPanel,
        settings: KeptSettings,
        list_devices: Callable[[], tuple[Device, ...]],
        runner: Runner,
        make: MakeErrand = make_errand,
    ) -> None:
        super().__init__()
        self._panel, self._settings = panel, settings
        self._watch = DeviceWatch(list_devices)
        self._notices = Notices(panel.notice)
        self._virtual = VirtualSwitch(panel, self._notices)
        self._checks = DeviceChecks(panel, self._notices, runner, make)
        self._boxes = {"input": panel.input, "output": panel.output, "monitor": panel.monitor}
        self.show_settings()
        for kind, box in self._boxes.items():
            box.device_chosen.connect(lambda name, kind=kind: self._on_chosen(kind, name))
        self._virtual.output_wanted.connect(panel.output.choose)
        panel.recording_chosen.connect(self._on_recording_chosen)
        panel.repeat_chosen.connect(self._on_repeat_chosen)
        panel.input.file_asked.connect(self._ask_for_file)
        self._watch.found.connect(self._on_found)
        self._watch.fault_changed.connect(self.fault_told)

    @property
    def recording_folder(self) -> Path | None:
        """Where both sides are to be recorded, None where they are not."""
        if not self._panel.recording.isChecked():
            return None
        return Path(platformdirs.user_music_dir()) / "rtvc"

    def show_settings(self) -> None:
        """Show the devices as they are chosen."""
        for kind, box in self._boxes.items():
            with QSignalBlocker(box):
                box.choose(getattr(self._settings.config.audio, kind))
        self._panel.repeat.setChecked(self._settings.config.audio.repeat)
        self._show_source()
        self._tell_absence()

    def show_levels(self, levels: Status | Levels, now: float) -> None:
        """Show how loud it is, at the monotonic time `now`."""
        is_live = levels.state is State.RUNNING
        listened = self._checks.level
        level_in = levels.level_in if is_live else listened if listened is not None else 0.0
        self._panel.level_in.show_level(level_in, now)
        self._panel.level_out.show_level(levels.level_out if is_live else 0.0, now)

    def release(self) -> None:
        """Let go of devices that are being checked: a session wants them."""
        self._checks.cancel()

    def start(self) -> None:
        """Look for devices, now and again."""
        self._virtual.resume()
        self._watch.start()

    def stop(self) -> None:
        """Look for them no more."""
        self._watch.stop()

    def close(self, limit: float) -> bool:
        """Take away what was made; False where that takes longer than `limit` seconds."""
        self._watch.stop()
        ended = [part.close(limit / 2) for part in (self._checks, self._virtual)]
        return all(ended)

    def _on_found(self, devices: tuple[Device, ...]) -> None:
        outputs = shown_outputs(devices)
        inputs = shown_inputs(devices)
        self._panel.input.show_devices(inputs)
        self.inputs_found.emit(inputs)
        self._panel.output.show_devices(outputs)
        self._panel.monitor.show_devices(outputs)
        self._virtual.tend()
        self._tell_absence()

    def _on_chosen(self, kind: str, name: str | None) -> None:
        self._settings.change("audio", **{kind: name})
        self._show_source()
        self._tell_absence()
        self.changed.emit()

    def _show_source(self) -> None:
        is_recording = recording_of(self._panel.input.chosen) is not None
        self._panel.repeat.setVisible(is_recording)
        self._panel.say.setDisabled(is_recording)
        self.recording_heard.emit(is_recording)

    def _ask_for_file(self) -> None:
        title = translate("rtvc", "Recording in place of the microphone")
        choose_files(
            self._panel, title, translate("rtvc", HEARD), lambda paths: self._panel.input.choose(str(paths[0]))
        )

    def _on_repeat_chosen(self, is_wanted: bool) -> None:
        self._settings.change("audio", repeat=is_wanted)
        self.changed.emit()

    def _tell_absence(self) -> None:
        self.absence_told.emit("; ".join(filter(None, (box.absence for box in self._boxes.values()))))

    def _on_recording_chosen(self, is_wanted: bool) -> None:
        folder = self.recording_folder
        if folder is not None:
            where = QUrl.fromLocalFile(str(folder))
            self._notices.say(
                translate("rtvc", "Both sides go into {folder}.").format(folder=folder),
                translate("rtvc", "Show it"),
                lambda: QDesktopServices.openUrl(where),
            )
        else:
            self._notices.clear()
        self.changed.emit()
