"""The window in which sentences are read aloud."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from rtvc.errors import VoiceError
from rtvc.voice_names import check_name
from ui.language import marked, translate
from ui.level_meter import LevelMeter
from ui.parts import label

TITLE = marked("rtvc", "Read sentences")
SIZE = (640, 420)
HINT = marked(
    "rtvc", "Read as you talk, in a quiet room, always at the same distance. About 60 sentences make four minutes."
)


class ReadingDialog(QDialog):
    """One sentence after the other; Space records and ends.

    Signals: `begun(str)`, the name of the voice that is read for; `record_asked`, `finish_asked`, `skip_asked`;
    `use_asked`, to make a voice of what was read; `left`, when it is closed.
    """

    begun = Signal(str)
    record_asked = Signal()
    finish_asked = Signal()
    skip_asked = Signal()
    use_asked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(translate("rtvc", TITLE))
        self.resize(*SIZE)
        self._is_recording = False
        self.name = QLineEdit()
        self.begin = QPushButton(translate("rtvc", "&Begin"))
        self.begin.clicked.connect(self._on_begun)
        self.name.textChanged.connect(self._look)
        self.name.returnPressed.connect(self.begin.click)
        self.place = label(role="muted")
        self.sentence = label(role="sentence")
        self.sentence.setWordWrap(True)
        self.level = LevelMeter(translate("rtvc", "Microphone level"))
        self.verdict = label(role="muted")
        self.verdict.setWordWrap(True)
        self.record = QPushButton()
        self.record.setObjectName("primary")
        self.record.clicked.connect(self._on_record_clicked)
        self.skip, self.use = (
            QPushButton(translate("rtvc", "&Skip")),
            QPushButton(translate("rtvc", "Make the &voice …")),
        )
        self.skip.clicked.connect(self.skip_asked)
        self.use.clicked.connect(self.use_asked)
        self._arrange()
        self.show_recording(False)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Ask for the name first."""
        self.place.setText("")
        self.sentence.setText("")
        self.verdict.setText(translate("rtvc", HINT))
        self.use.setEnabled(False)
        self._look()
        for button in (self.record, self.skip):
            button.setEnabled(False)

    def show_sentence(self, number: int, of: int, words: str) -> None:
        """Show what is to be read next."""
        self.place.setText(translate("rtvc", "Sentence {number} of {of}").format(number=number, of=of))
        self.sentence.setText(words)
        for button in (self.record, self.skip):
            button.setEnabled(True)
        self.begin.setEnabled(False)
        self.record.setFocus()

    def show_end(self) -> None:
        """Tell that all were read."""
        self.sentence.setText(translate("rtvc", "That was the last sentence."))
        for button in (self.record, self.skip):
            button.setEnabled(False)
        self.use.setFocus()

    def show_recording(self, is_recording: bool) -> None:
        """Offer to end the take that is being recorded, or to begin one."""
        self._is_recording = is_recording
        self.record.setText(translate("rtvc", "Done (Space)") if is_recording else translate("rtvc", "Record (Space)"))
        self.skip.setDisabled(is_recording)

    def show_verdict(self, words: str, read: int) -> None:
        """Tell how the last take was, and whether a voice can be made."""
        self.verdict.setText(words[:1].upper() + words[1:])
        self.use.setEnabled(read > 0)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it is closed."""
        super().hideEvent(event)
        self.left.emit()

    def _look(self) -> None:
        try:
            check_name(self.name.text().strip())
            self.begin.setEnabled(True)
        except VoiceError:
            self.begin.setEnabled(False)

    def _on_begun(self) -> None:
        self.begin.setEnabled(False)
        self.begun.emit(self.name.text().strip())

    def _on_record_clicked(self) -> None:
        (self.finish_asked if self._is_recording else self.record_asked).emit()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        caption = label(translate("rtvc", "&Name of the voice"))
        caption.setBuddy(self.name)
        for part in (caption, self.name, self.begin):
            top.addWidget(part, 1 if part is self.name else 0)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.use)
        buttons.addStretch(1)
        buttons.addWidget(self.skip)
        buttons.addWidget(self.record)
        for button in (self.begin, self.skip, self.use):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addLayout(top)
        column.addStretch(1)
        column.addWidget(self.place)
        column.addWidget(self.sentence, 0, Qt.AlignmentFlag.AlignTop)
        column.addStretch(2)
        column.addWidget(self.level)
        column.addWidget(self.verdict)
        column.addLayout(buttons)
