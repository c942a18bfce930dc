"""The card of the devices: what is heard, what is played where, and what is kept of it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from ui.device_box import DeviceBox
from ui.language import marked, translate
from ui.level_meter import LevelMeter
from ui.notice_bar import NoticeBar
from ui.parts import Card, label
from ui.value_switch import Toggle

OFF = marked("rtvc", "Off")


class SoundPanel(Card):
    """Devices with their levels, the virtual microphone and the recorder.

    Signals: `virtual_chosen(bool)` and `recording_chosen(bool)`, when the user turns a switch; besides those of its
    boxes.
    """

    virtual_chosen = Signal(bool)
    recording_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__(translate("rtvc", "Sound"))
        self.input = DeviceBox(translate("rtvc", "Microphone"))
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
        self.virtual.clicked.connect(self.virtual_chosen)
        self.recording.clicked.connect(self.recording_chosen)
        self.notice = NoticeBar()
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        rows = (
            (translate("rtvc", "&Microphone"), self.input, self.level_in),
            (translate("rtvc", "&Output"), self.output, self.level_out),
            (translate("rtvc", "Monitor"), self.monitor, None),
        )
        for place, (words, box, meter) in enumerate(rows):
            name = label(words)
            name.setBuddy(box)
            grid.addWidget(name, 2 * place, 0)
            grid.addWidget(box, 2 * place, 1)
            if meter is not None:
                grid.addWidget(meter, 2 * place + 1, 1)
        switches = QHBoxLayout()
        switches.setSpacing(32)
        switches.addWidget(self.virtual, 1)
        switches.addWidget(self.recording, 1)
        self.column.addLayout(grid)
        self.column.addLayout(switches)
        self.column.addWidget(self.notice)


def _toggle(words: str, help: str) -> Toggle:
    made = Toggle(words)
    made.setToolTip(help)
    made.setAccessibleName(words)
    made.setAccessibleDescription(help)
    made.setMinimumHeight(24)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made
