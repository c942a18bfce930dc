"""The window at a desk: its voices and settings in a folder, its devices made up, its session recorded."""

import yaml
from PySide6.QtCore import Qt

from rtvc.config import save
from rtvc.devices import Device
from rtvc.own_voices import OwnVoices
from rtvc.status import Status
from tests.ui.recorded_errand import RecordedErrand
from tests.ui.recorded_session import RecordedSession
from ui.controller import Controller
from ui.kept_settings import KeptSettings
from ui.state_line import Mood
from ui.window import Window

PITCH = {"name": "pitch", "label": "Pitch shift", "low": -12, "high": 12, "default": 0, "unit": "st", "step": 1}
DEVICES = (
    Device("mic", "Microphone", True, False, True, 48000),
    Device("cam", "Camera", True, False, False, 44100),
    Device("out", "Speaker", False, True, True, 48000),
    Device("ear", "Earphone", False, True, False, 48000),
)
ALT = Qt.KeyboardModifier.AltModifier


class Desk:
    """A window with everything it needs, its session and its settings file."""

    def __init__(self, qtbot, folder, config=None):
        self.qtbot = qtbot
        self.path = folder / "config.yaml"
        self.devices = DEVICES
        self.session = RecordedSession()
        if config is not None:
            save(config, self.path)
        self.window = Window()
        qtbot.addWidget(self.window)
        settings = KeptSettings(self.path)
        self.own = OwnVoices(folder / "voices", folder / "shipped")
        self.errands = []
        self.controller = Controller(
            self.window, settings, self.own, lambda: self.session, lambda: self.devices, self._begin_errand
        )
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        voices = len(list((folder / "voices").iterdir()))
        qtbot.waitUntil(lambda: self.window.voices.model().rowCount() == voices and self.window.input.count() >= 4)

    def _begin_errand(self, work, *arguments):
        self.errands.append(RecordedErrand(work, arguments))
        return self.errands[-1]

    def errand(self, work):
        """The newest errand, once it has begun and if it is this one."""
        self.qtbot.waitUntil(lambda: bool(self.errands) and self.errands[-1].work.endswith(work))
        return self.errands[-1]

    def click(self, widget):
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def choose_voice(self, row):
        voices = self.window.voices
        place = voices.visualRect(voices.model().index(row, 0)).center()
        self.qtbot.mouseClick(voices.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def wait_said(self, *what):
        self.qtbot.waitUntil(lambda: what in self.session.said)

    def start(self):
        self.click(self.window.transport.start)
        self.wait_said("passthrough", False)
        self.qtbot.waitUntil(lambda: self.window.state.mood is not Mood.BUSY)

    def show(self, **status):
        self.session.shown = Status(**status)
        self.controller._figures_shown = 0.0
        self.controller.refresh()

    def close(self):
        self.session.gate.set()
        self.window.close()
        return self.controller.close(10)


def put_voice(folder, name, **card):
    """Install a voice that changes nothing."""
    (folder / "voices" / name).mkdir(parents=True)
    facts = {"family": "passthrough", "title": name.upper(), "look_ahead_ms": 40, "params": [PITCH], **card}
    (folder / "voices" / name / "card.yaml").write_text(yaml.safe_dump(facts))
