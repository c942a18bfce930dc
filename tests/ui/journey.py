"""The window as users have it: real processes, a real sound server, worked by clicks and keys; what counts is sound."""

import numpy as np
import yaml
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from rtvc.devices import list_devices
from rtvc.own_voices import OwnVoices
from rtvc.session import Session
from tests.pulse_server import RATE
from tests.ui.loop_watch import LONGEST, LoopWatch
from ui.chore import make_errand
from ui.controller import Controller
from ui.kept_settings import KeptSettings
from ui.voice_card import play_place
from ui.window import Window

PATIENCE_MS = 300_000
TONE_HZ, SPOKEN, HEARD, SILENT = 440, 0.3, 0.02, 0.001
PLAYED = "rtvc_desk.monitor"  # what the default output plays


class Journey:
    """A window that opens for the first time, with one voice that changes nothing, and somebody at the microphone."""

    def __init__(self, qtbot, server, folder, make=make_errand):
        self.qtbot, self.server, self.folder = qtbot, server, folder
        voice = folder / "shipped" / "slt"  # the one that is chosen at the first start
        voice.mkdir(parents=True)
        card = {"family": "passthrough", "title": "Yourself", "input_rate": 16000, "output_rate": 16000, "params": []}
        (voice / "card.yaml").write_text(yaml.safe_dump(card))
        tone = SPOKEN * np.sin(2 * np.pi * TONE_HZ * np.arange(RATE) / RATE)
        self.player, self.heard = server.play(tone.astype(np.float32)), server.record(PLAYED)
        self.watch = LoopWatch()
        self.window = Window()
        qtbot.addWidget(self.window)
        own = OwnVoices(folder / "voices", folder / "shipped")
        self.controller = Controller(
            self.window, KeptSettings(folder / "config" / "config.yaml"), own, Session, list_devices, make
        )

    def __enter__(self):
        self.watch.__enter__()
        self.controller.open()
        self.wait(lambda: self.window.voices.model().rowCount() == 1, "the voice is listed")
        self.wait(lambda: self.window.input.count() > 1, "the devices are listed")
        return self

    def __exit__(self, *_):
        with self.watch.aside():
            self.window.close()
            closed = self.controller.close(20)
        self.watch.__exit__()
        self.player.stop()
        self.heard.stop()
        assert closed
        assert self.watch.longest < LONGEST, f"busy for {self.watch.longest:.3f} s in\n{self.watch.where}"

    def wait(self, condition, what, pause_ms=20):
        """Let the window live until something is so; looks are counted, for a machine may stand still for a while."""
        for _ in range(PATIENCE_MS // pause_ms):
            with self.watch.aside():
                if condition():
                    return
            self.qtbot.wait(pause_ms)
        raise AssertionError(f"waited in vain until {what}; {self.told}")

    @property
    def told(self):
        """What the window says."""
        state, bars = (
            self.window.state,
            (self.window.voice_panel.notice, self.window.making.notice, self.window.trial_notice),
        )
        words = [state.headline.text(), state.sentence.text(), *(bar.words.text() for bar in bars)]
        return " | ".join(filter(None, words))

    def click(self, widget):
        self.wait(lambda: widget.isVisible() and widget.isEnabled(), f"{widget} can be clicked")
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def drop(self, *paths):
        """Let files fall onto the window's edge."""
        files, taken = QMimeData(), (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        files.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        for event in (
            QDragEnterEvent(QPoint(2, 2), Qt.DropAction.CopyAction, files, *taken),
            QDropEvent(QPointF(2, 2), Qt.DropAction.CopyAction, files, *taken),
        ):
            QApplication.sendEvent(self.window, event)

    def wait_for_voice(self, name):
        self.wait(lambda: name in self.window.voices.names, f"the voice {name} is there", 100)

    def play(self, name):
        """Press the button on a voice's card."""
        voices = self.window.voices
        row = voices.names.index(name)
        button = play_place(voices.visualRect(voices.model().index(row, 0))).center().toPoint()
        self.qtbot.mouseClick(voices.viewport(), Qt.MouseButton.LeftButton, pos=button)

    def wait_for_sound(self):
        self.wait(lambda: np.abs(self.heard.last(0.5)).max(initial=0) > HEARD, "something is heard", 100)

    def listen_again(self):
        """Record anew, as a server moves listeners too when the default microphone changes."""
        self.heard.stop()
        self.heard = self.server.record(PLAYED)

    def wait_for_tone(self):
        self.wait(lambda: self.tone_level() > SPOKEN / 2, "the tone comes out", 100)

    def wait_for_silence(self):
        self.wait(lambda: np.abs(self.heard.last(0.5)).max(initial=0) < SILENT, "it is silent", 100)

    def tone_level(self):
        """Amplitude of the tone in the newest half second of what is played."""
        return tone_level(self.heard.last(0.5), RATE)


def tone_level(samples, rate):
    """Amplitude of the microphone's tone."""
    wave = np.exp(-2j * np.pi * TONE_HZ * np.arange(len(samples)) / rate)
    return float(2 * abs(np.mean(samples * wave))) if len(samples) else 0.0
