"""The card of the devices: what is heard, what is played where, and what is kept of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from ui.device_box import DeviceBox
from ui.language import marked, translate
from ui.level_meter import LevelMeter
from ui.notice_bar import NoticeBar
from ui.parts import Card, label
from ui.value_switch import Toggle

OFF = marked("rtvc", "Off")


class SoundPanel(Card):
    """Devices with their levels, the virtual microphone and the recorder.

    Signals: `virtual_chosen(bool)`, `recording_chosen(bool)` and `repeat_chosen(bool)`, when the user turns a switch;
    besides those of its boxes and buttons.
    """

    virtual_chosen = Signal(bool)
    recording_chosen = Signal(bool)
    repeat_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__(translate("rtvc", "Sound"))
        self.input = DeviceBox(translate("rtvc", "Microphone"), file=translate("rtvc", "A file …"))
        self.output = DeviceBox(translate("rtvc", "Output"))
        self.monitor = DeviceBox(translate("rtvc", "Monitor"), none=translate("rtvc", OFF))
        self.monitor.setToolTip(translate("rtvc", "A second output, to hear yourself; use headphones."))
        self.level_in = LevelMeter(translate("rtvc", "Microphone level"))
        self.level_out = LevelMeter(translate("rtvc", "Output level"))
        self.virtual = _toggle(
            translate("rtvc", "Virtual microphone"), translate("rtvc", "Other programs record it; rtvc speaks into it.")
        )
        self.recording = _toggle(
            translate("rtvc", "Record both sides"),
            translate("rtvc", "Keeps what is heard and what is played, as FLAC."),
        )
        self.repeat = _toggle(
            translate("rtvc", "Repeat the recording"), translate("rtvc", "Begins again when the recording is over.")
        )
        self.repeat.hide()
        self.say = _test(
            translate("rtvc", "Test the microphone"),
            translate("rtvc", "Say something: it listens for four seconds and tells whether you are heard."),
        )
        self.tone = _test(
            translate("rtvc", "Test the output"), translate("rtvc", "Plays two short tones on this output.")
        )
        self.repeat.clicked.connect(self.repeat_chosen)
        self.virtual.clicked.connect(self.virtual_chosen)
        self.recording.clicked.connect(self.recording_chosen)
        self.notice = NoticeBar()
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        rows = (
            (translate("rtvc", "&Microphone"), self.input, (self.level_in, self.repeat), self.say),
            (translate("rtvc", "&Output"), self.output, (self.level_out,), self.tone),
            (translate("rtvc", "Monitor"), self.monitor, (), None),
        )
        for place, (words, box, beneath, check) in enumerate(rows):
            name = label(words)
            name.setBuddy(box)
            grid.addWidget(name, 3 * place, 0)
            grid.addWidget(box, 3 * place, 1)
            for row, part in enumerate(beneath, 1):
                grid.addWidget(part, 3 * place + row, 1)
            if check is not None:
                grid.addWidget(check, 3 * place, 2)
        switches = QHBoxLayout()
        switches.setSpacing(32)
        switches.addWidget(self.virtual, 1)
        switches.addWidget(self.recording, 1)
        self.column.addLayout(grid)
        self.column.addLayout(switches)
        self.column.addWidget(self.notice)

    @property
    def focus_order(self) -> list[QWidget]:
        """What the Tab key is to lead through."""
        return [
            self.input,
            self.say,
            self.repeat,
            self.output,
            self.tone,
            self.monitor,
            self.virtual,
            self.recording,
        ]


def _test(name: str, help: str) -> QPushButton:
    made = QPushButton(translate("rtvc", "Test"))
    made.setToolTip(help)
    made.setAccessibleName(name)
    made.setAccessibleDescription(help)
    return made


def _toggle(words: str, help: str) -> Toggle:
    made = Toggle(words)
    made.setToolTip(help)
    made.setAccessibleName(words)
    made.setAccessibleDescription(help)
    made.setMinimumHeight(24)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made
