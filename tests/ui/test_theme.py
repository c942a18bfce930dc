import re

import pytest
from PySide6.QtGui import QColor

from ui.theme import DARK, LIGHT, chosen_theme, palette, style_sheet, theme_of


def luminance(colour):
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in QColor(colour).getRgbF()[:3]
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["window", "card", "field", "selected"])
@pytest.mark.parametrize("text", ["text", "muted"])
def test_text_can_be_read_on_every_ground(theme, ground, text):
    assert contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("colour", ["accent", "good", "warning", "error"])
def test_colours_with_a_meaning_can_be_read(theme, colour):
    assert contrast(getattr(theme, colour), theme.card) >= 4.5
    assert contrast(getattr(theme, colour), theme.window) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_start_button_can_be_read(theme):
    assert contrast(theme.accent, theme.on_accent) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_palette_knows_its_theme(qapp, theme):
    assert theme_of(palette(theme)) is theme


@pytest.mark.parametrize(("appearance", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_appearance_is_what_is_asked_for(qapp, appearance, theme):
    assert chosen_theme(appearance) is theme


def test_desktop_that_tells_nothing_is_light(qapp):
    assert chosen_theme("system") is LIGHT


def test_style_sheet_leaves_no_colour_open():
    assert not re.search(r"\{\w+\}", style_sheet(LIGHT))
