"""The window: where everything stands, and one signal for each thing a user can do."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QHideEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from rtvc.params import Control
from ui.control_panel import ControlPanel
from ui.delay_bar import DelayBar
from ui.health import Health
from ui.history_plot import HistoryPlot
from ui.language import translate
from ui.latency_panel import LatencyPanel
from ui.making_dialog import MakingDialog
from ui.notice_bar import NoticeBar
from ui.parts import Card, label
from ui.reading_dialog import ReadingDialog
from ui.settings_menu import SettingsMenu
from ui.sound_panel import SoundPanel
from ui.state_line import StateLine
from ui.transport import Transport
from ui.trial_buttons import TrialButtons
from ui.voice_panel import VoicePanel
from ui.welcome_dialog import WelcomeDialog

NAME = "rtvc"
WIDTH, HEIGHT = 1140, 800
SMALLEST = (1000, 560)
VOICES_WIDTH, CONTROLS_WIDTH, RIGHT_WIDTH, GAP = (264, 304), (232, 264), 440, 12


class Window(QWidget):
    """All widgets in place; it knows neither session nor settings.

    Signals: `shown`, `hidden`, `closed` and, once, `drawn`, when there is something to see; besides those of its
    parts `files_dropped(object, str)`, paths and the name of the voice that they were dropped onto, empty for none.
    """

    shown = Signal()
    hidden = Signal()
    drawn = Signal()
    files_dropped = Signal(object, str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_drawn = False
        self.setAcceptDrops(True)
        self.setWindowTitle(NAME)
        self.setMinimumSize(*SMALLEST)
        self.resize(WIDTH, HEIGHT)
        self.state = StateLine()
        self.transport = Transport()
        self.menu = SettingsMenu()
        self.voice_panel = VoicePanel()
        self.voices = self.voice_panel.voices
        self.controls = ControlPanel()
        self.reset = QPushButton(translate("rtvc", "&Reset"))
        self.reset.setFlat(True)
        self.talker = label(role="small")
        self.sound = SoundPanel()
        self.input, self.output, self.monitor = self.sound.input, self.sound.output, self.sound.monitor
        self.level_in, self.level_out = self.sound.level_in, self.sound.level_out
        self.delay = DelayBar()
        self.latency = LatencyPanel()
        self.health = Health()
        self.history = HistoryPlot()
        self.trials = TrialButtons()
        self.trial_notice = NoticeBar()
        self.making = MakingDialog(self)
        self.reading = ReadingDialog(self)
        self.welcome = WelcomeDialog(self)
        self._arrange()
        self._order_focus()
        self.latency.focus_order_changed.connect(self._order_focus)
        self.transport.start.setFocus()

    def show_controls(self, controls: Iterable[Control], values: Mapping[str, float]) -> None:
        """Replace the voice's controls, and lead the Tab key through the new ones."""
        self.controls.show_controls(controls, values)
        self._order_focus()

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that somebody looks."""
        super().showEvent(event)
        self.shown.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that nobody looks, as when the window is minimised."""
        super().hideEvent(event)
        self.hidden.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the program is to end."""
        super().closeEvent(event)
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell, after the first time, that work may begin that would have kept the window waiting."""
        super().paintEvent(event)
        if not self._is_drawn:
            self._is_drawn = True
            QTimer.singleShot(0, self.drawn.emit)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files of this machine."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            self._mark_drop(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Forget them."""
        self._mark_drop(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell what was dropped, and onto which voice."""
        self._mark_drop(False)
        paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        place = self.voices.mapFrom(self, event.position().toPoint())
        event.acceptProposedAction()
        self.files_dropped.emit(paths, self.voices.name_at(place) if self.voices.rect().contains(place) else "")

    def _mark_drop(self, is_near: bool) -> None:
        self.voice_panel.setProperty("drop", is_near)
        self.voice_panel.style().unpolish(self.voice_panel)
        self.voice_panel.style().polish(self.voice_panel)

    def _arrange(self) -> None:
        holder = QWidget()
        right = QVBoxLayout(holder)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(GAP)
        right.addWidget(self.sound)
        right.addWidget(self._delay_card(), 1)
        right.addWidget(self._health_card())
        body = QHBoxLayout()
        body.setSpacing(GAP)
        self.voice_panel.setMinimumWidth(VOICES_WIDTH[0])
        self.voice_panel.setMaximumWidth(VOICES_WIDTH[1])
        body.addWidget(self.voice_panel, 3)
        body.addWidget(self._control_card(), 2)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(holder)
        area.setMinimumWidth(RIGHT_WIDTH)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body.addWidget(area, 5)
        page = QVBoxLayout(self)
        page.setContentsMargins(16, GAP, 16, 16)
        page.setSpacing(GAP)
        page.addLayout(self._header())
        page.addLayout(body, 1)

    def _header(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.state, 1)
        row.addWidget(self.menu)
        row.addWidget(self.transport)
        return row

    def _control_card(self) -> Card:
        card = Card(translate("rtvc", "Controls"))
        card.setMinimumWidth(CONTROLS_WIDTH[0])
        card.setMaximumWidth(CONTROLS_WIDTH[1])
        card.add_beside_title(self.reset)
        card.column.addWidget(self.controls, 1)
        card.column.addWidget(self.talker)
        return card

    def _delay_card(self) -> Card:
        card = Card(translate("rtvc", "Delay"))
        card.add_beside_title(self.latency.choice)
        card.column.addWidget(self.delay)
        card.column.addStretch(1)
        card.column.addWidget(self.latency)
        card.column.addStretch(1)
        card.column.addWidget(self.trials)
        card.column.addWidget(self.trial_notice)
        return card

    def _health_card(self) -> Card:
        card = Card(translate("rtvc", "Steadiness"))
        card.column.addWidget(self.health)
        card.column.addWidget(self.history)
        return card

    def _order_focus(self) -> None:
        order = [
            self.transport.start,
            self.voice_panel.back,
            self.voice_panel.add,
            self.voice_panel.search,
            self.voices,
            self.reset,
            *(row.knob for row in self.controls.rows.values()),
            *self.sound.focus_order,
            *self.latency.focus_order,
            self.trials.calibrate,
            self.trials.measure,
            self.trials.diagnose,
            self.transport.passthrough,
            self.transport.mute,
            self.menu,
        ]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
