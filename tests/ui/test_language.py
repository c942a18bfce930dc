import ast
import shutil
import subprocess
import sys
import xml.etree.ElementTree
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QAbstractButton

from models import live, sovits
from rtvc.config import Config, WindowConfig, load
from rtvc.params import COMMON_CONTROLS
from rtvc.presets import LIVE_DELAYS
from ui.control_words import COMMON, OF_FAMILIES, PRESETS, UNITS
from ui.language import FOLDER, system_language, translate, use_language
from ui.report_view import CAPTIONS, ReportView
from ui.words import value_words

UI = FOLDER.parent
CHINESE = FOLDER / "rtvc_zh_CN.ts"
FIND = ("-tr-function-alias", "QT_TRANSLATE_NOOP+=marked", "-locations", "none", "-no-obsolete")
"""How the file of translations is brought up to date: pyside6-lupdate FIND ui/*.py -ts FILE, then pyside6-lrelease."""

SHOWING = (
    *("setText", "setToolTip", "setAccessibleName", "setAccessibleDescription", "setPlaceholderText"),
    *("setWindowTitle", "addAction", "addMenu", "say", "warn", "follow", "show_progress", "show_preview"),
    *("QPushButton", "QCheckBox", "QLabel", "Card", "DeviceBox", "LevelMeter", "ChoiceBox", "Toggle", "label"),
)
"""Whose first argument somebody reads."""
NAMES = ("rtvc – ",)


def run_tool(name, *arguments):
    program = shutil.which(name, path=str(Path(sys.executable).parent)) or name
    subprocess.run([program, *map(str, arguments)], check=True, capture_output=True, timeout=60)


def translations(path):
    """Chinese by English text; None where somebody has yet to translate it."""
    messages = xml.etree.ElementTree.parse(path).iter("message")
    found = ((one.findtext("source"), one.find("translation")) for one in messages)
    return {source: words.text if words.get("type") is None else None for source, words in found}


@pytest.fixture
def in_chinese(qapp):
    used = use_language(qapp, "zh")
    yield
    for translator in used:
        qapp.removeTranslator(translator)


def test_every_text_of_the_window_is_translated(tmp_path):
    run_tool("pyside6-lupdate", *FIND, *sorted(UI.glob("*.py")), "-ts", tmp_path / "found.ts")

    found, kept = set(translations(tmp_path / "found.ts")), translations(CHINESE)

    assert len(found) > 250
    assert found == set(kept)
    assert [source for source, words in kept.items() if not words] == []


def test_compiled_translations_are_those_of_the_source_file(tmp_path):
    run_tool("pyside6-lrelease", CHINESE, "-qm", tmp_path / "made.qm")

    assert CHINESE.with_suffix(".qm").read_bytes() == (tmp_path / "made.qm").read_bytes()


def test_translations_leave_the_same_gaps_open():
    def gaps(words):
        return sorted(part.split("}")[0] for part in words.split("{")[1:])

    assert [source for source, words in translations(CHINESE).items() if gaps(source) != gaps(words)] == []


def test_no_text_is_shown_untranslated():
    calls = [one for path in UI.glob("*.py") for one in ast.walk(ast.parse(path.read_text())) if is_shown(one)]

    texts = [part.value for call in calls for one in call.args[:1] for part in plain_parts(one)]

    assert [text for text in texts if any(map(str.isalpha, text)) and text not in NAMES] == []


def is_shown(node):
    return isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in SHOWING


def plain_parts(node):
    """The constant parts of what is shown, in a text with gaps too, but not those of calls within."""
    if isinstance(node, ast.IfExp):
        return [*plain_parts(node.body), *plain_parts(node.orelse)]
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return [one for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def test_words_of_controls_and_presets_are_those_in_use():
    families = (*live.PARAMS, *sovits.PARAMS)

    assert set(COMMON) == {words for one in COMMON_CONTROLS for words in (one.label, one.help)}
    assert set(OF_FAMILIES) >= {words for one in families for words in (one.label, one.help)}
    assert set(UNITS) == {one.unit for one in families if one.unit.isalpha() and one.unit.islower()}
    assert set(PRESETS) == {name.capitalize() for name in LIVE_DELAYS}


def test_window_speaks_chinese(in_chinese, open_desk):
    window = open_desk().window

    assert window.transport.start.text() == "开始(&S)"
    assert window.transport.mute.text() == "静音(&U)"
    assert window.transport.passthrough.text() == "直通(&P)"
    assert window.trials.calibrate.text() == "校准"
    assert window.state.headline.text() == "就绪"
    assert window.controls.rows["gate_db"].knob.accessibleName() == "噪声门"
    buttons = [one.text() for one in window.findChildren(QAbstractButton) if one.text()]
    assert [words for words in buttons if words.isascii() and any(map(str.isalpha, words))] == []


def test_numbers_are_counted_in_chinese(in_chinese):
    pitch = next(one for one in live.PARAMS if one.name == "pitch")

    assert value_words(pitch, -2.5) == "−2.5 半音"


def test_captions_of_what_recordings_are_worth_are_chinese(in_chinese, qtbot):
    view = ReportView()
    qtbot.addWidget(view)

    view.show_report([(caption, "1") for caption in CAPTIONS], "", ())

    assert not any(caption in view.words for caption in CAPTIONS)


def test_english_needs_no_translation(qapp):
    assert use_language(qapp, "en") == ()
    assert translate("rtvc", "&Start") == "&Start"


@pytest.mark.parametrize(
    ("desktop", "expected"),
    [
        (["zh-Hans-CN", "en-US"], "zh"),
        (["zh_CN"], "zh"),
        (["zh-TW", "en"], "en"),
        (["de-DE", "zh-CN"], "zh"),
        (["en-GB", "zh-CN"], "en"),
        (["fr"], "en"),
        ([], "en"),
    ],
)
def test_desktop_says_which_language(desktop, expected):
    assert system_language(desktop) == expected


def test_chosen_language_is_kept_and_ticked(open_desk):
    desk = open_desk(Config(window=WindowConfig(language="en")))
    assert desk.window.menu.languages["en"].isChecked()

    desk.window.menu.languages["zh"].trigger()
    desk.close()

    assert load(desk.path).window.language == "zh"


def test_qt_finds_the_compiled_file():
    assert QTranslator().load("rtvc_zh_CN", str(FOLDER))
