"""What a new voice is called, whose it is, and how long it may learn."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from rtvc.errors import VoiceError
from rtvc.params import Control
from rtvc.voice_names import check_name
from ui.language import marked, translate
from ui.parts import label
from ui.value_slider import ValueSlider

MINUTES = Control(
    "minutes",
    marked("rtvc", "Minutes"),
    1.0,
    60.0,
    10.0,
    "min",
    1.0,
    marked("rtvc", "It ends earlier when it is good enough."),
)
AGREED = marked("rtvc", "&They agreed that this voice is made and used")
WHY = marked("rtvc", "A voice can be used to speak as that person. It may only be made of somebody who agreed to it.")


class MakingForm(QWidget):
    """Nothing can begin before there is a name, and somebody who agreed.

    Signals: `begin_asked(str, str, float)`, the voice's name, the words of the consent, and minutes;
    `other_recordings_asked`.
    """

    begin_asked = Signal(str, str, float)
    other_recordings_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name, self.whose = QLineEdit(), QLineEdit()
        self.name.setAccessibleName(translate("rtvc", "Name of the voice"))
        self.whose.setAccessibleName(translate("rtvc", "Whose voice it is"))
        self.whose.setPlaceholderText(translate("rtvc", "Anna Berg, or: mine"))
        self.agreed = QCheckBox(translate("rtvc", AGREED))
        self.minutes = ValueSlider(MINUTES, translate("rtvc", "&Minutes of training, at most"))
        self.fault = label(role="warning")
        self.begin = QPushButton(translate("rtvc", "Make the &voice"))
        self.begin.setObjectName("primary")
        self.others = QPushButton(translate("rtvc", "Other &recordings …"))
        for line in (self.name, self.whose):
            line.textChanged.connect(self._look)
        self.agreed.toggled.connect(self._look)
        self.begin.clicked.connect(self._on_begun)
        self.others.clicked.connect(self.other_recordings_asked)
        self._arrange()
        self._look()

    def clear(self, name: str = "") -> None:
        """Begin anew, with a proposal for the name."""
        self.name.setText(name)
        self.whose.clear()
        self.agreed.setChecked(False)

    def _look(self) -> None:
        fault = ""
        if self.name.text().strip():
            try:
                check_name(self.name.text().strip())
            except VoiceError as error:
                fault = str(error)
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        filled = all(line.text().strip() for line in (self.name, self.whose))
        self.begin.setEnabled(filled and self.agreed.isChecked() and not fault)

    def _on_begun(self) -> None:
        self.begin_asked.emit(self.name.text().strip(), f"{self.whose.text().strip()}, who agreed", self.minutes.value)

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        for row, (words, line) in enumerate(
            (
                (translate("rtvc", "&Name of the voice"), self.name),
                (translate("rtvc", "&Whose voice is it?"), self.whose),
            )
        ):
            caption = label(words)
            caption.setBuddy(line)
            grid.addWidget(caption, row, 0)
            grid.addWidget(line, row, 1)
        why = label(translate("rtvc", WHY), "small")
        why.setWordWrap(True)
        grid.addWidget(self.agreed, 2, 1)
        grid.addWidget(why, 3, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.others)
        buttons.addStretch(1)
        buttons.addWidget(self.begin)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(grid)
        column.addWidget(self.fault)
        column.addWidget(self.minutes)
        column.addLayout(buttons)
