"""A voice in the making: how far it is, what it sounds like by now, and whether to go on."""

from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ui.language import translate
from ui.parts import label

STEPS = 1000


class Stage(Enum):
    """What can be done with a voice in the making."""

    CHECKING = "checking"
    WORKING = "working"
    PAUSED = "paused"
    OVER = "over"


class MakingProgress(QWidget):
    """A headline, a bar with words, a preview, and the buttons that fit the stage.

    Signals: `listen_asked`, `pause_asked`, `resume_asked`, `discard_asked`, `close_asked`.
    """

    listen_asked = Signal()
    pause_asked = Signal()
    resume_asked = Signal()
    discard_asked = Signal()
    close_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.headline = label(role="title")
        self.words = label(role="muted")
        self.words.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setObjectName("thin")
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(translate("rtvc", "Progress"))
        self.preview = label(role="muted")
        self.preview.setWordWrap(True)
        self.listen = QPushButton(translate("rtvc", "&Listen to it"))
        self.pause = QPushButton(translate("rtvc", "&Pause"))
        self.resume = QPushButton(translate("rtvc", "&Go on"))
        self.resume.setObjectName("primary")
        self.discard = QPushButton(translate("rtvc", "&Discard"))
        self.close_button = QPushButton(translate("rtvc", "&Close"))
        signals = (self.listen_asked, self.pause_asked, self.resume_asked, self.discard_asked, self.close_asked)
        self._buttons = (self.listen, self.pause, self.resume, self.discard, self.close_button)
        for button, signal in zip(self._buttons, signals, strict=True):
            button.clicked.connect(signal)
        self._arrange()

    def show_stage(self, stage: Stage, headline: str) -> None:
        """Offer what can be done now."""
        self.headline.setText(headline)
        self.bar.setVisible(stage is not Stage.OVER)
        self.pause.setVisible(stage in (Stage.WORKING, Stage.CHECKING))
        self.pause.setText(translate("rtvc", "&Cancel") if stage is Stage.CHECKING else translate("rtvc", "&Pause"))
        self.resume.setVisible(stage is Stage.PAUSED)
        self.discard.setVisible(stage is Stage.PAUSED)
        self.close_button.setVisible(stage in (Stage.OVER, Stage.PAUSED))

    def show_progress(self, words: str, part: float) -> None:
        """Move the bar."""
        self.words.setText(words[:1].upper() + words[1:])
        self.bar.setValue(round(STEPS * part))
        self.bar.setAccessibleDescription(words)

    def show_preview(self, words: str) -> None:
        """Tell of a preview that can be heard; an empty text is that there is none."""
        self.preview.setText(words)
        self.listen.setVisible(bool(words))

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.listen)
        buttons.addStretch(1)
        for button in self._buttons[1:]:
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (self.headline, self.bar, self.words, self.preview):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(buttons)
