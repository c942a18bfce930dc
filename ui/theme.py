"""The colours of the window, light and dark, and how its controls are drawn."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette

Appearance = Literal["system", "light", "dark"]


@dataclass(frozen=True)
class Theme:
    """One set of colours; text on `window` and `card` has a contrast of at least 4.5 to 1."""

    window: str
    card: str
    field: str
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    selected: str
    good: str
    warning: str
    error: str
    groove: str


LIGHT = Theme(
    window="#f2f4f8",
    card="#ffffff",
    field="#f7f8fb",
    border="#d8dde6",
    text="#1b1f2a",
    muted="#5a6375",
    accent="#3d5be0",
    on_accent="#ffffff",
    selected="#e4e9fd",
    good="#157347",
    warning="#8a5a00",
    error="#bf2130",
    groove="#dfe3ec",
)
DARK = Theme(
    window="#14161c",
    card="#1d2029",
    field="#262a35",
    border="#363c4a",
    text="#e8ebf2",
    muted="#a0a9ba",
    accent="#8aa2ff",
    on_accent="#10131c",
    selected="#2b3354",
    good="#4fc98d",
    warning="#f0b849",
    error="#ff7a80",
    groove="#3a4150",
)

SHEET = """
QWidget {{ font-size: 10pt; }}
QToolTip {{ background: {card}; color: {text}; border: 1px solid {border}; padding: 6px; }}
QFrame#card {{ background: {card}; border: 1px solid {border}; border-radius: 10px; }}
QLabel[role="title"] {{ font-weight: 600; font-size: 11pt; }}
QLabel[role="muted"] {{ color: {muted}; }}
QLabel[role="small"] {{ color: {muted}; font-size: 9pt; }}
QLabel[role="heading"] {{ color: {muted}; font-size: 9pt; font-weight: 600; }}
QLabel[role="figure"] {{ font-weight: 600; font-size: 17pt; }}
QLabel[role="tile"] {{ font-weight: 600; font-size: 13pt; }}
QLabel[role="tile"][mood="warning"] {{ color: {warning}; }}
QLabel[role="small"][mood="warning"] {{ color: {warning}; }}
QLabel[role="state"] {{ font-weight: 600; font-size: 12pt; }}

QPushButton {{ background: {card}; border: 1px solid {border}; border-radius: 8px; padding: 7px 16px; }}
QPushButton:hover {{ border-color: {accent}; }}
QPushButton:focus {{ border: 2px solid {accent}; padding: 6px 15px; }}
QPushButton:pressed {{ background: {selected}; }}
QPushButton:checked {{ background: {selected}; border-color: {accent}; font-weight: 600; }}
QPushButton:disabled {{ color: {muted}; background: {window}; }}
QPushButton#primary {{ background: {accent}; color: {on_accent}; border-color: {accent}; font-weight: 600; }}
QPushButton#primary:focus {{ border: 2px solid {text}; }}
QPushButton#primary:disabled {{ background: {groove}; color: {muted}; border-color: {border}; }}
QPushButton#start {{ background: {accent}; color: {on_accent}; border-color: {accent}; font-weight: 600; }}
QPushButton#start:focus {{ border: 2px solid {text}; }}
QPushButton#start[running="true"] {{ background: {card}; color: {text}; border-color: {accent}; }}
QPushButton#start:disabled {{ background: {groove}; color: {muted}; border-color: {border}; }}
QPushButton[flat="true"] {{ background: transparent; border-color: transparent; color: {accent}; padding: 2px 8px; }}
QPushButton[flat="true"]:hover {{ background: {selected}; }}
QPushButton[flat="true"]:focus {{ border: 1px solid {accent}; padding: 2px 8px; }}
QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: 8px; padding: 6px 8px; }}
QToolButton {{ font-size: 13pt; }}
QToolButton:hover, QToolButton:focus {{ border-color: {accent}; }}
QToolButton#small {{ font-size: 11pt; padding: 0 6px; }}
QToolButton:disabled {{ color: {border}; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}
QToolButton::menu-indicator {{ image: none; width: 0; }}

QComboBox {{ combobox-popup: 0; }}
QComboBox {{ background: {field}; border: 1px solid {border}; border-radius: 6px; padding: 5px 8px; min-height: 20px; }}
QComboBox:hover, QComboBox:focus {{ border-color: {accent}; }}
QComboBox::drop-down {{ border: 0; width: 24px; }}
QComboBox::down-arrow {{ image: none; }}
QComboBox[state="missing"] {{ border-color: {warning}; color: {warning}; }}
QComboBox QAbstractItemView {{ background: {card}; border: 1px solid {border}; outline: 0; }}

QLineEdit {{ background: {field}; border: 1px solid {border}; border-radius: 6px; padding: 5px 8px; }}
QLineEdit {{ selection-background-color: {accent}; selection-color: {on_accent}; }}
QLineEdit:hover, QLineEdit:focus {{ border-color: {accent}; }}
QLineEdit[state="missing"] {{ border-color: {warning}; }}

QProgressBar#thin {{ background: {groove}; border: 0; border-radius: 2px; max-height: 4px; min-height: 4px; }}
QProgressBar#thin::chunk {{ background: {accent}; border-radius: 2px; }}
QWidget#notice {{ background: {field}; border: 1px solid {border}; border-radius: 8px; }}
QWidget#notice[mood="warning"] {{ border-color: {warning}; }}
QFrame#dropzone {{ background: {field}; border: 2px dashed {border}; border-radius: 10px; }}
QFrame#dropzone[drop="true"] {{ border-color: {accent}; background: {selected}; }}
QDialog {{ background: {card}; }}
QLabel[role="warning"] {{ color: {warning}; }}
QLabel[role="sentence"] {{ font-size: 17pt; font-weight: 600; }}
QFrame#card[drop="true"] {{ border: 2px dashed {accent}; }}

QCheckBox::indicator {{ width: 14px; height: 14px; border: 1px solid {muted}; border-radius: 4px; }}
QCheckBox::indicator:checked {{ background: {accent}; border-color: {accent}; }}
QCheckBox::indicator:focus {{ border: 2px solid {accent}; }}
QCheckBox {{ spacing: 8px; }}

QListView {{ background: transparent; border: 0; outline: 0; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: 0; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {groove}; border-radius: 4px; min-height: 24px; margin: 1px; }}
QScrollBar::add-line:vertical, QScrollBar::sub-line:vertical {{ height: 0; }}
QScrollBar::add-page:vertical, QScrollBar::sub-page:vertical {{ background: transparent; }}

QMenu {{ background: {card}; border: 1px solid {border}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px; border-radius: 4px; }}
QMenu::item:selected {{ background: {selected}; color: {text}; }}
"""


def chosen_theme(appearance: Appearance) -> Theme:
    """Return the theme that is asked for, or the desktop's; light where the desktop tells none."""
    if appearance == "system":
        return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT
    return DARK if appearance == "dark" else LIGHT


def style_sheet(theme: Theme) -> str:
    """Return how the window's controls are drawn in these colours."""
    return SHEET.format(**vars(theme))


def palette(theme: Theme) -> QPalette:
    """Return the palette of a theme; own painted widgets take every colour they can from it."""
    roles = {
        QPalette.ColorRole.Window: theme.window,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.card,
        QPalette.ColorRole.AlternateBase: theme.field,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.muted,
        QPalette.ColorRole.Button: theme.field,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.ToolTipBase: theme.card,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.on_accent,
        QPalette.ColorRole.Accent: theme.accent,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.Light: theme.border,
        QPalette.ColorRole.Mid: theme.border,
        QPalette.ColorRole.Midlight: theme.selected,
        QPalette.ColorRole.Dark: theme.groove,
        QPalette.ColorRole.Shadow: theme.border,
        QPalette.ColorRole.BrightText: theme.error,
    }
    made = QPalette()
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.muted))
    return made


def theme_of(made: QPalette) -> Theme:
    """Return the theme that a palette was made from, for widgets that paint good, warning and error themselves."""
    dark = made.color(QPalette.ColorRole.Window).lightness() < 128
    return DARK if dark else LIGHT
