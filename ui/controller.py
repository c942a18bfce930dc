"""Joins the window's widgets to settings, voices, devices and a session."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from rtvc.config import Config
from rtvc.devices import Device
from rtvc.library import Voice
from rtvc.own_voices import OwnVoices
from rtvc.params import chosen_values
from rtvc.status import Levels, State, Status
from ui.chore import MakeErrand, make_errand
from ui.headline import Headline
from ui.hearing import Heard
from ui.kept_settings import KeptSettings
from ui.latency import Latency
from ui.notices import Notices
from ui.program import Program
from ui.reading import ReadingRoom
from ui.run_options import control_values, expected_parts, microphone_of, session_options, stream_times
from ui.runner import LiveSession, Runner
from ui.sound_desk import SoundDesk
from ui.talker import Talker
from ui.trials import Trials
from ui.voice_choice import VoiceChoice
from ui.voice_desk import VoiceDesk
from ui.voice_facts import controls_of
from ui.window import Window
from ui.window_control import WindowControl
from ui.workshop import Workshop

if TYPE_CHECKING:
    from rtvc.session import SessionOptions

POLL_MS, HIDDEN_MS = 33, 1000
FIGURES_PERIOD = 0.5  # seconds: numbers that change faster cannot be read


class Controller(QObject):
    """The window's other half: shows what is, does what is asked; it never waits in the window's thread.

    `control` is how other programs drive it, once opened. Signals: none.
    """

    def __init__(
        self,
        window: Window,
        settings: KeptSettings,
        own: OwnVoices,
        make_session: Callable[[], LiveSession],
        list_devices: Callable[[], tuple[Device, ...]],
        make: MakeErrand = make_errand,
    ) -> None:
        super().__init__()
        self._window = window
        self._settings = settings
        self._library = own.library
        self._notices: dict[str, str] = {"settings": settings.fault}
        self._is_drawn = False
        self._figures_shown = -math.inf
        self._facts_shown: tuple[object, ...] = ()
        self._runner = Runner(make_session)
        self._talker = Talker(window.talker, settings)
        self._program = Program(window, settings, self._runner, self._notices)
        self.control = WindowControl(window, settings, self._runner, self._program.show_window, self._notices)
        self._desk = VoiceDesk(window.voice_panel, own, self._heard_as, self._delay_of, make)
        self._workshop = Workshop(window.making, own, self._hearing_output, make)
        self._reading = ReadingRoom(window.reading, lambda: microphone_of(self.config), make)
        self._sound = SoundDesk(window.sound, settings, list_devices, self._runner, make)
        self._poll = QTimer(self)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._look)
        self._latency = Latency(window.latency, settings, self._runner)
        self._trials = Trials(
            window.trials, Notices(window.trial_notice), self._runner, self._trial_options, settings.path
        )
        self._was_live = False
        self._headline = Headline(settings, self._desk, self._runner, self._notices)
        self._choice = VoiceChoice(window.voice_panel, settings, self._desk, self._runner, self._notices)
        self._show_settings(settings.config)
        self._connect()

    @property
    def config(self) -> Config:
        """The settings in use."""
        return self._settings.config

    def refresh(self) -> None:
        """Show what the session does now."""
        self._show(self._runner.status(), time.monotonic())

    def _look(self) -> None:
        """Show the levels, and all the rest where it is due or something has happened."""
        levels, now = self._runner.levels(), time.monotonic()
        if now - self._figures_shown >= FIGURES_PERIOD or self._headline.facts(levels.state) != self._facts_shown:
            self._show(self._runner.status(), now)
        else:
            self._show_levels(levels, now)

    def _show(self, status: Status, now: float) -> None:
        self._choice.stay(status)
        shown, is_active = self._headline.words(status), self._runner.is_active
        self._window.state.show_state(*shown)
        self._program.show_state(shown, is_active)
        self._window.transport.show_running(is_active)
        self._show_levels(status, now)
        self._show_figures(status, status.state is State.RUNNING and bool(status.delay))
        self._figures_shown, self._facts_shown = now, self._headline.facts(status.state)

    def _show_levels(self, levels: Status | Levels, now: float) -> None:
        self._sound.show_levels(levels, now)
        if self._window.welcome.isVisible():
            self._window.welcome.level.show_level(levels.level_in if levels.state is State.RUNNING else 0.0, now)

    def open(self) -> None:
        """Show the window the way that was chosen."""
        self._program.open()
        if not self._window.isVisible():
            self._desk.reload()

    def close(self, limit: float) -> bool:
        """Keep the settings and end the session; False where that takes longer than `limit` seconds."""
        deadline = time.monotonic() + limit
        self._poll.stop()
        self._trials.cancel()
        self._sound.stop()
        self._talker.keep(self._runner.status())
        size = self._window.normalGeometry() if self._window.isMaximized() else self._window.geometry()
        self._settings.change("window", width=size.width(), height=size.height())
        parts = (self._desk, self._reading, self._workshop, self._program, self._runner, self._sound, self._settings)
        ended = [part.close(max(deadline - time.monotonic(), 0.2)) for part in parts]
        return all(ended)

    def _show_figures(self, status: Status, measured: bool) -> None:
        delay = status.delay if measured else self._latency.expected_delay()
        self._window.delay.show_delay(delay, measured)
        self._latency.show_delay(delay)
        self._window.health.show_status(status)
        if measured:
            self._window.history.add(time.monotonic(), status.load.p95, status.delay.total, status.late)
        self._talker.show(status)

    def _connect(self) -> None:
        window = self._window
        window.shown.connect(self._on_shown)
        window.drawn.connect(self._on_drawn)
        window.hidden.connect(self._on_hidden)
        window.transport.start_asked.connect(self._start)
        window.transport.stop_asked.connect(self._on_stop_asked)
        window.transport.mute_chosen.connect(self._on_mute_chosen)
        window.transport.passthrough_chosen.connect(self._on_passthrough_chosen)
        window.files_dropped.connect(self._desk.take)
        window.voice_panel.making_asked.connect(self._workshop.open)
        window.voice_panel.reading_asked.connect(self._reading.open)
        window.making.zone.reading_asked.connect(self._reading.open)
        self._desk.making_wanted.connect(self._workshop.open)
        self._reading.use_asked.connect(self._workshop.open)
        self._workshop.made.connect(self._desk.reload)
        self._choice.changed.connect(self._show_controls)
        self._choice.changed.connect(self._prepare)
        self._latency.rested.connect(self._desk.reload)
        window.controls.value_chosen.connect(self._on_value_chosen)
        window.reset.clicked.connect(window.controls.reset)
        self._sound.changed.connect(self._restart)
        self._sound.absence_told.connect(lambda words: self._notices.update(absence=words))
        self._sound.fault_told.connect(lambda words: self._notices.update(devices=words))
        self._sound.inputs_found.connect(window.welcome.input.show_devices)
        self._sound.recording_heard.connect(self._latency.show_input)
        self._trials.chosen.connect(self._latency.take)
        self._trials.ended.connect(self._go_on_after_trial)
        self._program.replaced.connect(self._on_settings_replaced)
        self._program.replaced.connect(self.control.follow)
        self._settings.fault_found.connect(lambda words: self._notices.update(settings=words))
        self._runner.trouble_found.connect(lambda words: self._notices.update(change=words))

    def _show_settings(self, config: Config) -> None:
        window = self._window
        if config.window.width and config.window.height:
            window.resize(config.window.width, config.window.height)
        self._show_controls()
        self._program.show_appearance()
        self.refresh()

    def _voice(self) -> Voice | None:
        return self._desk.voices.get(self.config.voice.name)

    def _show_controls(self) -> None:
        controls = controls_of(self._voice())
        kept = self.config.voice.params.get(self.config.voice.name, {})
        self._window.show_controls(controls, chosen_values(controls, kept))
        self._latency.show_voice(self._voice())
        self._notices["stream"] = self._latency.fault

    def _start(self) -> None:
        self._notices.pop("change", None)
        self._sound.release()
        self._talker.keep(self._runner.status())
        config, library, transport = self.config, self._library, self._window.transport

        recordings = self._sound.recording_folder
        self._window.history.clear()

        def make_options() -> SessionOptions:
            return session_options(config, library.get(config.voice.name), recordings)

        self._runner.start(make_options, transport.mute.isChecked(), transport.passthrough.isChecked())
        self.refresh()

    def _trial_options(self) -> Callable[[], SessionOptions]:
        config, library = self.config, self._library
        self._was_live = self._runner.is_active
        return lambda: session_options(config, library.get(config.voice.name))

    def _go_on_after_trial(self) -> None:
        if self._was_live:
            self._start()

    def _prepare(self) -> None:
        config, library = self.config, self._library
        if self._is_drawn:
            self._runner.prepare(lambda: (library.get(config.voice.name), config.engine.device, config.engine.threads))

    def _restart(self) -> None:
        if self._runner.is_active:
            self._start()

    def _on_shown(self) -> None:
        self._poll.setInterval(POLL_MS)
        self._poll.start()
        if self._is_drawn:
            self._sound.start()
        self.refresh()

    def _on_drawn(self) -> None:
        self._is_drawn = True
        self._desk.reload()
        self._sound.start()
        self._prepare()

    def _on_hidden(self) -> None:
        if self._program.tray.is_there:
            self._poll.setInterval(HIDDEN_MS)
        else:
            self._poll.stop()
        self._sound.stop()

    def _on_stop_asked(self) -> None:
        self._talker.keep(self._runner.status())
        self._runner.stop()
        self.refresh()

    def _on_mute_chosen(self, muted: bool) -> None:
        self._runner.change(lambda session: session.set_mute(muted))

    def _on_passthrough_chosen(self, passthrough: bool) -> None:
        self._runner.change(lambda session: session.set_passthrough(passthrough))

    def _heard_as(self, voice: Voice) -> Heard:
        return Heard(control_values(self.config, voice), stream_times(self.config, voice), self._hearing_output())

    def _hearing_output(self) -> str | None:
        """Where the user alone listens, if there is such a place."""
        return self.config.audio.monitor or self.config.audio.output

    def _delay_of(self, voice: Voice) -> float:
        return sum(expected_parts(self.config, voice).values())

    def _on_value_chosen(self, name: str, value: float) -> None:
        voice = self.config.voice.name
        default = next(one.default for one in controls_of(self._voice()) if one.name == name)
        kept = {**self.config.voice.params.get(voice, {}), name: value}
        if value == default:
            del kept[name]
        self._settings.change("voice", params={**self.config.voice.params, voice: kept})
        self._runner.change(lambda session: session.set_value(name, value))

    def _on_settings_replaced(self) -> None:
        self._sound.show_settings()
        self._latency.show_settings()
        self._window.voices.choose(self.config.voice.name)
        self._show_controls()
        self._program.show_appearance()
        self._restart()
