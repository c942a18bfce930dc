"""Keys that work everywhere: what they do in the window, and what is told of them; the keyboard is of paper."""

import threading

import pytest
from PySide6.QtCore import Qt

from rtvc.config import Config, HotkeysConfig, load
from rtvc.errors import RtvcError
from rtvc.status import State
from tests.ui.test_app import run_python
from ui.hotkey_desk import HotkeyDesk

KEYS = {
    "start": "Ctrl+F9", "mute": "Ctrl+F10", "pass_through": "Ctrl+F11", "push_to_talk": "F8", "voice_1": "Ctrl+1",
    "voice_2": "Ctrl+2", "voice_9": "Ctrl+9",
}  # fmt: skip
CTRL = Qt.KeyboardModifier.ControlModifier


class Keyboard:
    """Makes listeners, and presses keys for the newest one; `taken` are another program's."""

    def __init__(self):
        self.keys, self.heard, self.taken, self.failure = {}, None, [], ""
        self.threads, self.turns = set(), 0

    def __call__(self, keys):
        return PaperListener(self, keys)

    def tap(self, action):
        self.heard(action, True)
        self.heard(action, False)


class PaperListener:
    def __init__(self, keyboard, keys):
        self._keyboard, self._keys, self._over = keyboard, keys, threading.Event()

    def run(self, opened, heard):
        keyboard = self._keyboard
        keyboard.keys, keyboard.heard = dict(self._keys), heard
        keyboard.threads.add(threading.current_thread())
        keyboard.turns += 1
        if keyboard.failure:
            raise RtvcError(keyboard.failure)
        opened(keyboard.taken)
        self._over.wait(60)
        keyboard.keys = {}

    def close(self):
        self._over.set()


@pytest.fixture
def keyboard():
    return Keyboard()


@pytest.fixture
def hear(open_desk, keyboard):
    """Open a window whose keys are heard, with these settings."""
    made = []

    def hear_one(keys=KEYS, enabled=True, window_system="windows"):
        desk = open_desk(Config(hotkeys=HotkeysConfig(enabled, dict(keys))))
        controller = desk.controller
        desk.notices = controller._notices
        desk.hotkeys = HotkeyDesk(
            desk.window, controller._settings, controller._runner, desk.notices, keyboard, window_system
        )
        controller._program._hotkeys = desk.hotkeys
        made.append(desk.hotkeys)
        if enabled and window_system == "windows":
            desk.qtbot.waitUntil(lambda: bool(keyboard.turns))
        return desk

    yield hear_one
    for one in made:
        assert one.close(20)


def open_dialog(desk):
    desk.window.menu.hotkeys.trigger()
    desk.qtbot.waitUntil(desk.hotkeys._dialog.isVisible)
    return desk.hotkeys._dialog


def test_keys_do_what_the_buttons_do(hear, keyboard):
    desk = hear({name: keys for name, keys in KEYS.items() if name != "push_to_talk"})

    keyboard.tap("start")
    desk.wait_said("start", "slt")
    keyboard.tap("mute")
    desk.wait_said("mute", True)
    keyboard.tap("pass_through")
    desk.wait_said("passthrough", True)
    assert desk.window.transport.mute.isChecked() and desk.window.transport.passthrough.isChecked()
    keyboard.tap("mute")
    desk.qtbot.waitUntil(lambda: not desk.window.transport.mute.isChecked())
    desk.qtbot.waitUntil(lambda: desk.session.shown.state is State.RUNNING)
    keyboard.tap("start")
    desk.wait_said("stop")


def test_voices_are_chosen_by_their_place_in_the_list(hear, keyboard):
    desk = hear()
    assert desk.window.voices.names == ("bdl", "slt")

    keyboard.tap("voice_1")
    desk.qtbot.waitUntil(lambda: desk.window.voices.chosen == "bdl")
    keyboard.tap("voice_9")
    keyboard.tap("voice_2")

    desk.qtbot.waitUntil(lambda: desk.window.voices.chosen == "slt")
    assert desk.controller.config.voice.name == "slt"


def test_push_to_talk_is_silent_unless_held(hear, keyboard):
    desk = hear()
    mute = desk.window.transport.mute
    desk.qtbot.waitUntil(mute.isChecked)

    keyboard.heard("push_to_talk", True)
    desk.qtbot.waitUntil(lambda: not mute.isChecked())
    keyboard.heard("push_to_talk", False)

    desk.qtbot.waitUntil(mute.isChecked)


def test_listener_works_beside_the_window(hear, keyboard):
    hear()

    assert threading.main_thread() not in keyboard.threads


def test_nothing_is_heard_unless_it_is_switched_on(hear, keyboard):
    desk = hear(enabled=False)
    assert HotkeysConfig() == Config().hotkeys and not Config().hotkeys.enabled
    dialog = open_dialog(desk)
    assert keyboard.turns == 0

    desk.click(dialog.toggle)
    desk.qtbot.waitUntil(lambda: set(keyboard.keys) == set(KEYS))
    desk.click(dialog.toggle)
    desk.qtbot.waitUntil(lambda: keyboard.keys == {})

    desk.close()
    assert load(desk.path).hotkeys == HotkeysConfig(False, KEYS)


def test_keys_are_chosen_by_pressing_them_and_kept(hear, keyboard):
    desk = hear()
    dialog = open_dialog(desk)
    field = dialog.rows["voice_2"].field
    field.setFocus()
    desk.qtbot.waitUntil(lambda: keyboard.keys == {})  # a field that waits for keys must get them

    desk.qtbot.keyClick(field, Qt.Key.Key_F5, CTRL)
    dialog.done_button.setFocus()
    desk.qtbot.waitUntil(lambda: keyboard.keys.get("voice_2") is not None and keyboard.keys["voice_2"].name == "F5")
    desk.click(dialog.rows["start"].clear)
    desk.click(dialog.done_button)
    desk.qtbot.waitUntil(lambda: keyboard.keys and "start" not in keyboard.keys)

    desk.close()
    kept = load(desk.path).hotkeys.keys
    assert kept["voice_2"] == "Ctrl+F5" and "start" not in kept


def test_keys_that_cannot_be_are_told_beside_them(hear, keyboard):
    keyboard.taken = ["voice_1"]
    desk = hear({"start": "Ctrl+F9", "mute": "Ctrl+F9", "pass_through": "V", "voice_1": "Ctrl+1", "voice_2": "Hyper"})
    rows = open_dialog(desk).rows
    desk.qtbot.waitUntil(lambda: bool(rows["voice_1"].fault.text()))

    assert "Another action" in rows["mute"].fault.text()
    assert "needed for writing" in rows["pass_through"].fault.text()
    assert "another program has" in rows["voice_1"].fault.text()
    assert "no such key" in rows["voice_2"].fault.text()
    assert rows["voice_1"].field.accessibleDescription() == rows["voice_1"].fault.text()
    assert not rows["start"].fault.isVisible()

    desk.qtbot.keyClick(rows["mute"].field, Qt.Key.Key_F10, CTRL)

    assert not rows["mute"].fault.isVisible()


@pytest.mark.parametrize(
    ("window_system", "words"),
    [("wayland", "rtvc ctl toggle-mute"), ("offscreen", "no desktop"), ("cocoa", "cannot be heard yet")],
)
def test_desktop_that_does_not_allow_it_is_told_where_the_keys_are_chosen(hear, keyboard, window_system, words):
    desk = hear(enabled=False, window_system=window_system)
    dialog = open_dialog(desk)

    assert words in dialog.notice.text() and dialog.notice.isVisible()
    assert not dialog.toggle.isEnabled()
    assert desk.notices["hotkeys"] == ""
    assert keyboard.turns == 0


def test_keys_that_are_switched_on_and_cannot_be_heard_are_told_in_the_window(hear, keyboard):
    desk = hear(window_system="wayland")
    desk.controller.refresh()
    assert "Wayland" in desk.window.state.sentence.text()

    dialog = open_dialog(desk)
    desk.click(dialog.toggle)
    desk.controller.refresh()

    assert "Wayland" not in desk.window.state.sentence.text()
    assert not dialog.toggle.isEnabled()


def test_listener_that_is_lost_is_told(hear, keyboard):
    keyboard.failure = "the X display does not answer"
    desk = hear()

    desk.qtbot.waitUntil(lambda: "The X display does not answer" in desk.notices["hotkeys"])

    assert "The X display does not answer" in open_dialog(desk).notice.text()


def test_unknown_action_in_the_settings_is_told(hear):
    desk = hear({"mutte": "Ctrl+F9"}, enabled=False)

    assert "'mutte', which is no action; did you mean mute?" in open_dialog(desk).notice.text()


def test_undo_brings_the_keys_back(hear, keyboard):
    desk = hear()
    dialog = open_dialog(desk)
    desk.click(dialog.rows["mute"].clear)
    desk.controller._settings.save()
    desk.controller._program.replaced.connect(desk.hotkeys.listen)

    desk.window.menu.undo.trigger()

    desk.qtbot.waitUntil(lambda: "mute" in keyboard.keys)
    assert dialog.rows["mute"].field.keys == KEYS["mute"]


def test_window_opens_without_any_of_it():
    look = "import sys, ui.app, ui.controller; print(*sys.modules)"

    loaded = run_python("-c", look).stdout.split()

    assert "ui.controller" in loaded
    assert [name for name in loaded if name.startswith(("Xlib", "rtvc.hotkeys", "rtvc.autostart", "ui.hotkey"))] == []


def test_program_makes_it_when_it_is_needed(open_desk):
    desk = open_desk(Config(hotkeys=HotkeysConfig(enabled=True)))
    assert desk.controller._program._hotkeys is None

    desk.controller.open()

    desk.qtbot.waitUntil(lambda: desk.controller._program._hotkeys is not None)
    assert "no desktop" in desk.controller._notices["hotkeys"]
