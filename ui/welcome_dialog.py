"""First steps: a voice, a microphone, a place for the new voice to go."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ui.device_box import DeviceBox
from ui.language import marked, translate
from ui.level_meter import LevelMeter
from ui.parts import label

TITLE = marked("rtvc", "First steps")
SIZE = (560, 320)
STEPS = (
    (
        marked("rtvc", "1 of 3 · Find a voice"),
        marked(
            "rtvc",
            "Listen to the voices in the list: the round button plays a sentence. Click the one you want to sound "
            "like. More voices come with Add: GPT-SoVITS files, or a voice made of recordings.",
        ),
    ),
    (
        marked("rtvc", "2 of 3 · Be heard"),
        marked(
            "rtvc",
            "Choose your microphone, press Start and say something. The bar moves when you are heard; the new voice "
            "comes out of the output. Use headphones.",
        ),
    ),
    (
        marked("rtvc", "3 of 3 · Into your call"),
        marked(
            "rtvc",
            "Turn on the virtual microphone, then choose “rtvc microphone” in your call, game or stream. "
            "Calibrate finds the shortest delay that this machine can keep.",
        ),
    ),
)


class WelcomeDialog(QDialog):
    """Three steps; the window behind stays usable, and what is done here is done there too.

    Signals: `hear_asked`, `start_asked`, `virtual_asked`, `calibrate_asked`; besides those of its microphone box.
    """

    hear_asked = Signal()
    start_asked = Signal()
    virtual_asked = Signal()
    calibrate_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(translate("rtvc", TITLE))
        self.resize(*SIZE)
        self.hear = QPushButton(translate("rtvc", "&Hear the chosen voice"))
        self.input = DeviceBox(translate("rtvc", "Microphone"))
        self.level = LevelMeter(translate("rtvc", "Microphone level"))
        self.start = QPushButton(translate("rtvc", "&Start"))
        self.virtual = QPushButton(translate("rtvc", "Turn on the &virtual microphone"))
        self.calibrate = QPushButton(translate("rtvc", "&Calibrate"))
        buttons = (self.hear, self.start, self.virtual, self.calibrate)
        signals = (self.hear_asked, self.start_asked, self.virtual_asked, self.calibrate_asked)
        for button, signal in zip(buttons, signals, strict=True):
            button.clicked.connect(signal)
        self.pages = QStackedWidget()
        for words, parts in zip(
            STEPS, ((self.hear,), (self.input, self.level, self.start), (self.virtual, self.calibrate)), strict=True
        ):
            self.pages.addWidget(_page(words, parts))
        self.back, self.next = QPushButton(translate("rtvc", "&Back")), QPushButton(translate("rtvc", "&Next"))
        self.next.setObjectName("primary")
        self.next.setDefault(True)
        self.back.clicked.connect(lambda: self.show_step(self.pages.currentIndex() - 1))
        self.next.clicked.connect(lambda: self.show_step(self.pages.currentIndex() + 1))
        self._arrange()
        self.show_step(0)

    def show_step(self, step: int) -> None:
        """Show a step, counted from 0; after the last one the dialog closes."""
        if step >= len(STEPS):
            self.close()
            return
        self.pages.setCurrentIndex(step)
        self.back.setEnabled(step > 0)
        self.next.setText(translate("rtvc", "&Done") if step == len(STEPS) - 1 else translate("rtvc", "&Next"))

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(self.pages, 1)
        column.addLayout(row)


def _page(words: tuple[str, str], parts: tuple[QWidget, ...]) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    column.addWidget(label(translate("rtvc", words[0]), "title"))
    told = label(translate("rtvc", words[1]))
    told.setWordWrap(True)
    column.addWidget(told)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return page
