"""Joins the window's latency panel to settings and session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSignalBlocker, QTimer, Signal

from rtvc.config import StreamConfig
from rtvc.devices import recording_of
from rtvc.latency.holding import LEAST_MARGIN, least_delay
from rtvc.library import Voice
from rtvc.presets import Presets, read_presets
from ui.kept_settings import KeptSettings
from ui.latency_panel import LatencyPanel
from ui.run_options import chosen_windows, expected_parts, stream_times
from ui.runner import Runner

if TYPE_CHECKING:
    from rtvc.latency.choosing import LatencyChoice

PATIENCE_MS = 250  # a slider that moves tells the session when it rests


class Latency(QObject):
    """Shows how the chosen voice is streamed, keeps what the user changes, and tells a session that runs.

    `fault` is what is wrong with the settings of the voice that is shown, empty where nothing is.

    Signals: `rested`, when what was changed has come to rest.
    """

    rested = Signal()
    fault = ""

    def __init__(self, panel: LatencyPanel, settings: KeptSettings, runner: Runner) -> None:
        super().__init__()
        self._panel, self._settings, self._runner = panel, settings, runner
        self._voice: Voice | None = None
        self._stream_rest, self._margin_rest, self._total_rest = QTimer(self), QTimer(self), QTimer(self)
        for timer, act in (
            (self._stream_rest, self._send_times),
            (self._margin_rest, self._send_margin),
            (self._total_rest, self._send_total),
        ):
            timer.setInterval(PATIENCE_MS)
            timer.setSingleShot(True)
            timer.timeout.connect(act)
            timer.timeout.connect(self.rested)
        self.show_settings()
        panel.hop.value_changed.connect(self._on_hop_changed)
        panel.margin.value_changed.connect(self._on_margin_changed)
        panel.choice.times_chosen.connect(self._on_times_chosen)
        panel.hold.total_chosen.connect(self._on_total_chosen)

    def show_settings(self) -> None:
        """Show hop, margin and the delay to hold as they are set."""
        engine = self._settings.config.engine
        for slider, value in ((self._panel.hop, engine.hop_ms), (self._panel.margin, engine.margin_ms)):
            with QSignalBlocker(slider):
                slider.set_value(value)
        audio = self._settings.config.audio
        self._panel.hold.show_total(audio.total_ms)
        self.show_input(recording_of(audio.input) is not None)

    def show_input(self, is_recording: bool) -> None:
        """Offer what a microphone, or a recording in its place, can have: a recording's delay is nobody's."""
        self._panel.hold.allow(not is_recording)
        self._show_kind()

    def show_delay(self, delay: Mapping[str, float]) -> None:
        """Show what a delay of these parts leaves to choose from; all in seconds."""
        self._panel.hold.show_least(1000 * (least_delay(delay) + LEAST_MARGIN))

    def show_voice(self, voice: Voice | None) -> None:
        """Show the settings of another voice; what waits to be sent was the last one's."""
        self._stream_rest.stop()
        self._voice = voice
        presets = read_presets(voice) if voice else None
        times, self.fault = chosen_windows(self._settings.config, voice)
        self._panel.show_windows(presets, times)

    def take(self, choice: LatencyChoice) -> None:
        """Keep and show what a calibration has chosen for the voice that is shown."""
        from rtvc.commands.calibrate_latency import saved  # loads more than a window needs

        voice = self._voice
        if voice is None:
            return
        self._settings.apply(lambda config: saved(config, voice, choice))
        self.show_settings()
        self.show_voice(voice)
        self.rested.emit()

    def expected_delay(self) -> dict[str, float]:
        """Return what is known of the delay before a session has measured it; all in seconds."""
        parts = expected_parts(self._settings.config, self._voice)
        total_ms = self._held_ms()
        return parts if total_ms is None else {**parts, "margin": max(total_ms / 1000 - least_delay(parts), 0.0)}

    def _held_ms(self) -> float | None:
        return self._panel.hold.total_ms if self._panel.hold.isEnabled() else None

    def _show_kind(self) -> None:
        self._panel.margin.setDisabled(self._held_ms() is not None)

    def _send_times(self) -> None:
        times = stream_times(self._settings.config, self._voice)
        self._runner.change(lambda session: session.set_windows(times))

    def _send_margin(self) -> None:
        margin = self._settings.config.engine.margin_ms / 1000
        self._runner.change(lambda session: session.set_margin(margin))

    def _send_total(self) -> None:
        total_ms, margin = self._settings.config.audio.total_ms, self._settings.config.engine.margin_ms / 1000
        if total_ms is not None:
            self._runner.change(lambda session: session.set_total(total_ms / 1000))
        else:
            self._runner.change(lambda session: session.set_total(None))
            self._runner.change(lambda session: session.set_margin(margin))

    def _on_total_chosen(self, total_ms: float | None) -> None:
        self._settings.change("audio", total_ms=total_ms)
        self._show_kind()
        self._total_rest.start()

    def _on_hop_changed(self, hop_ms: float) -> None:
        self._settings.change("engine", hop_ms=hop_ms)
        self._stream_rest.start()

    def _on_margin_changed(self, margin_ms: float) -> None:
        self._settings.change("engine", margin_ms=margin_ms)
        self._margin_rest.start()

    def _on_times_chosen(self, times: Mapping[str, float]) -> None:
        presets = read_presets(self._voice) if self._voice else None
        if self._voice is None or presets is None:
            return
        kept = {**self._settings.config.voice.streams, self._voice.name: _kept(presets, times)}
        if dict(times) == presets.chosen():
            del kept[self._voice.name]
        self._settings.change("voice", streams=kept)
        self._stream_rest.start()


def _kept(presets: Presets, times: Mapping[str, float]) -> StreamConfig:
    """What the settings are to say: a preset by its name, other times one by one."""
    preset = presets.name_of(times)
    return StreamConfig(preset) if preset is not None else StreamConfig(None, **times)
