"""A place to drop recordings onto, and buttons for those who would rather choose them."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from ui.file_choice import SOUNDS, choose_files, choose_folder
from ui.language import translate
from ui.parts import label


class DropZone(QFrame):
    """Files and folders of recordings.

    Signals: `paths_chosen(object)`, a tuple of paths; `reading_asked`, when there are none yet.
    """

    paths_chosen = Signal(object)
    reading_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("dropzone")
        self.setAcceptDrops(True)
        self.files = QPushButton(translate("rtvc", "Choose &files …"))
        self.folder = QPushButton(translate("rtvc", "Choose a f&older …"))
        self.read = QPushButton(translate("rtvc", "&Read sentences aloud …"))
        self.files.clicked.connect(self._ask_for_files)
        self.folder.clicked.connect(self._ask_for_folder)
        self.read.clicked.connect(self.reading_asked)
        self._arrange()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files of this machine."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            self._mark(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Forget them."""
        self._mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell what was dropped."""
        self._mark(False)
        event.acceptProposedAction()
        self.paths_chosen.emit(tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()))

    def _mark(self, is_near: bool) -> None:
        self.setProperty("drop", is_near)
        self.style().unpolish(self)
        self.style().polish(self)

    def _ask_for_files(self) -> None:
        choose_files(
            self, translate("rtvc", "Recordings of one speaker"), translate("rtvc", SOUNDS), self.paths_chosen.emit
        )

    def _ask_for_folder(self) -> None:
        choose_folder(self, translate("rtvc", "A folder of recordings of one speaker"), self.paths_chosen.emit)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (self.files, self.folder, self.read):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        told = (
            (translate("rtvc", "Drop recordings of one speaker here"), "title"),
            (
                translate("rtvc", "Any format; three to five minutes of clean speech are enough. No texts are needed."),
                "muted",
            ),
        )
        column.addStretch(1)
        for words, role in told:
            column.addWidget(label(words, role), 0, Qt.AlignmentFlag.AlignCenter)
        column.addSpacing(8)
        column.addLayout(row)
        column.addStretch(1)
