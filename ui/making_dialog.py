"""The window in which a voice is made of recordings."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QDialog, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ui.drop_zone import DropZone
from ui.language import marked, translate
from ui.making_form import MakingForm
from ui.making_progress import MakingProgress, Stage
from ui.notice_bar import NoticeBar
from ui.report_view import ReportView

TITLE = marked("rtvc", "Make a voice")
SIZE = (640, 470)


class MakingDialog(QDialog):
    """Three pages: recordings; what they are worth, and the form; the work. The window behind stays usable.

    Signals: `unfinished_asked`, to go on with a voice that is in the making; `left`, when it is closed; besides those
    of its pages.
    """

    unfinished_asked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(translate("rtvc", TITLE))
        self.resize(*SIZE)
        self.zone = DropZone()
        self.report = ReportView()
        self.form = MakingForm()
        self.progress = MakingProgress()
        self.notice = NoticeBar()
        self.notice.action_asked.connect(self.unfinished_asked)
        self.pages = QStackedWidget()
        for page in (self.zone, self._judged_page(), self.progress):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(self.notice)
        column.addWidget(self.pages, 1)

    def show_zone(self) -> None:
        """Ask for recordings."""
        self.pages.setCurrentIndex(0)

    def show_form(self) -> None:
        """Show what the recordings are worth, and ask whose they are."""
        self.notice.hide()
        self.pages.setCurrentIndex(1)
        self.form.name.setFocus()

    def show_work(self, stage: Stage, headline: str) -> None:
        """Show how far it is."""
        self.notice.hide()
        self.progress.show_stage(stage, headline)
        self.pages.setCurrentIndex(2)

    def warn(self, words: str, action: str = "") -> None:
        """Tell what is wrong, above the page."""
        self.notice.say(words[:1].upper() + words[1:], action, mood="warning")

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it is closed."""
        super().hideEvent(event)
        self.left.emit()

    def _judged_page(self) -> QScrollArea:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(20)
        column.addWidget(self.report)
        column.addWidget(self.form)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(holder)
        return area
