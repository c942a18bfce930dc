"""Keys on a real X display, pressed by xdotool while nobody of ours has the keyboard."""

import os
import subprocess
import threading
from contextlib import contextmanager

import pytest

from rtvc.errors import RtvcError
from rtvc.hotkeys.bindings import read_bindings
from tests.pulse_server import wait_until
from tests.ui.desktop import MISSING, x_display

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"no {', '.join(MISSING)} on this machine")
PATIENCE = 30.0


@pytest.fixture(scope="module")
def display():
    from Xlib.display import Display

    with x_display() as name:
        resident = Display(name)  # a server that nobody is left on begins anew, and refuses meanwhile
        yield name
        resident.close()


class Ear:
    """A listener in a thread, and what it heard."""

    def __init__(self, display, **written):
        from rtvc.hotkeys.x11 import XListener

        self.heard, self.refused, self.error = [], None, None
        self.listener = XListener(read_bindings(written).keys, display)
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        try:
            self.listener.run(self._open, lambda action, is_down: self.heard.append((action, is_down)))
        except RtvcError as error:
            self.error = str(error)

    def _open(self, refused):
        self.refused = list(refused)


@contextmanager
def listening(display, **written):
    ear = Ear(display, **written)
    ear.thread.start()
    wait_until(lambda: ear.refused is not None or not ear.thread.is_alive(), PATIENCE, "the keys are grabbed")
    try:
        yield ear
    finally:
        ear.listener.close()
        ear.thread.join(PATIENCE)
        assert not ear.thread.is_alive()


def press(display, *words):
    subprocess.run(["xdotool", *words], env={**os.environ, "DISPLAY": display}, check=True, timeout=60)


def taps(*actions):
    return [(action, is_down) for action in actions for is_down in (True, False)]


def test_chosen_keys_are_heard_and_others_are_not(display):
    with listening(display, mute="Ctrl+Shift+F9", start="F10", voice_1="Ctrl+Num+1", voice_2="Alt+m") as ear:
        assert ear.refused == []
        press(display, "key", "F9", "ctrl+F9", "ctrl+shift+F9", "ctrl+F10", "F10", "m", "alt+m", "ctrl+KP_1")
        wait_until(lambda: len(ear.heard) >= 8, PATIENCE, "all keys are heard")

    assert ear.heard == taps("mute", "start", "voice_2", "voice_1")


def test_locks_make_no_difference(display):
    with listening(display, mute="Ctrl+F9") as ear:
        for lock in ("Caps_Lock", "Num_Lock"):
            press(display, "key", lock)
            press(display, "key", "ctrl+F9")
        press(display, "key", "Caps_Lock", "Num_Lock", "ctrl+F9")
        wait_until(lambda: len(ear.heard) >= 6, PATIENCE, "all keys are heard")

    assert ear.heard == taps("mute") * 3


def test_held_key_is_one_press_however_often_it_repeats(display):
    with listening(display, push_to_talk="F8", mute="F7") as ear:
        press(display, "keydown", "F8", "sleep", "1", "keyup", "F8", "key", "F7")
        wait_until(lambda: len(ear.heard) >= 4, PATIENCE, "the key went up")

    assert ear.heard == taps("push_to_talk", "mute")


def test_sign_above_another_one_takes_shift(display):
    with listening(display, mute="Ctrl+!") as ear:
        press(display, "key", "ctrl+1", "ctrl+shift+1")
        wait_until(lambda: len(ear.heard) >= 2, PATIENCE, "the key is heard")

    assert ear.heard == taps("mute")


def test_keys_that_another_program_has_are_told_and_the_others_heard(display):
    with (
        listening(display, start="Ctrl+F9"),
        listening(display, mute="Ctrl+F9", start="Ctrl+F10", voice_1="F35") as ear,
    ):
        assert ear.refused in (["mute", "voice_1"], ["mute"])  # F35 is not on every keyboard
        press(display, "key", "ctrl+F10")
        wait_until(lambda: len(ear.heard) >= 2, PATIENCE, "the key is heard")

    assert ear.heard == taps("start")
    with listening(display, mute="Ctrl+F9") as later:
        assert later.refused == []


def test_key_that_is_held_at_the_end_goes_up(display):
    with listening(display, push_to_talk="F8") as ear:
        press(display, "keydown", "F8")
        wait_until(lambda: ear.heard, PATIENCE, "the key went down")

    press(display, "keyup", "F8")
    assert ear.heard == taps("push_to_talk")


def test_closing_before_it_began_ends_it(display):
    ear = Ear(display, mute="F9")
    ear.listener.close()

    ear.thread.start()
    ear.thread.join(PATIENCE)

    assert not ear.thread.is_alive() and ear.error is None


def test_display_that_is_not_there_or_goes_is_a_sentence():
    with listening(":987", mute="F9") as ear:
        pass
    assert "the X display cannot be listened to" in ear.error

    with x_display() as name:
        lost = Ear(name, mute="F9")
        lost.thread.start()
        wait_until(lambda: lost.refused is not None, PATIENCE, "the keys are grabbed")
    lost.thread.join(PATIENCE)
    assert lost.error == "the X display does not answer; keys are not heard any more"


def test_keys_are_heard_after_the_keyboard_has_another_layout(display):
    with listening(display, mute="Ctrl+Alt+q") as ear:
        press(display, "key", "ctrl+alt+q")
        wait_until(lambda: len(ear.heard) == 2, PATIENCE, "the key is heard")
        subprocess.run(["setxkbmap", "fr"], env={**os.environ, "DISPLAY": display}, check=True, timeout=60)
        try:
            press(display, "key", "ctrl+alt+q")
            wait_until(lambda: len(ear.heard) == 4, PATIENCE, "the key is heard where it is now")
        finally:
            subprocess.run(["setxkbmap", "us"], env={**os.environ, "DISPLAY": display}, check=True, timeout=60)
