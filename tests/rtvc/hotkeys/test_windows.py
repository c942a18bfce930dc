"""Keys on Windows, on a `user32` of paper: what is registered, heard and looked for."""

from collections import deque
from typing import Any

import pytest

from rtvc.errors import RtvcError
from rtvc.hotkeys.bindings import read_bindings
from rtvc.hotkeys.windows import FOR_EVER, HOTKEY, IS_DOWN, NO_REPEAT, QUIT, WindowsListener

CTRL, SHIFT = 2, 4
LETTERS = {"m": 0x4D, "!": 0x31 | 0x100, "#": 0xDE}
THREAD = 7


class User:
    """What of `user32` is used; `script` is what happens at each wait: messages, or the keys that are down."""

    def __init__(self, *script: Any, taken: tuple[int, ...] = ()) -> None:
        self.script, self.taken = deque(script), taken
        self.registered: dict[int, tuple[int, int]] = {}
        self.left: list[int] = []
        self.waits: list[int] = []
        self.messages: deque[tuple[int, int]] = deque()
        self.down: set[int] = set()
        self.answer = 0

    def RegisterHotKey(self, window: None, number: int, flags: int, virtual: int) -> bool:
        self.registered[number] = (flags, virtual)
        return virtual not in self.taken

    def UnregisterHotKey(self, window: None, number: int) -> bool:
        self.left.append(number)
        return True

    def VkKeyScanW(self, letter: Any) -> int:
        return LETTERS.get(letter.value, -1)

    def MsgWaitForMultipleObjects(self, count: int, handles: None, whole: bool, limit: int, kinds: int) -> int:
        self.waits.append(limit)
        step = self.script.popleft() if self.script else (QUIT, 0)
        if isinstance(step, set):
            self.down = step
        else:
            self.messages.append(step)
        return self.answer

    def PeekMessageW(self, message: Any, window: None, first: int, last: int, flags: int) -> bool:
        if not self.messages:
            return False
        found = message._obj
        found.kind, found.word = self.messages.popleft()
        self.down |= (
            {self.registered[found.word][1]} if found.kind == HOTKEY and found.word in self.registered else set()
        )
        return True

    def GetAsyncKeyState(self, virtual: int) -> int:
        return IS_DOWN if virtual in self.down else 0

    def PostThreadMessageW(self, thread: int, kind: int, word: int, long: int) -> bool:
        assert thread == THREAD
        self.messages.append((kind, word))
        return True


class Kernel:
    """What of `kernel32` is used."""

    def GetCurrentThreadId(self) -> int:
        return THREAD


def listened(user: User, **written: str) -> tuple[list[str], list[tuple[str, bool]]]:
    refused: list[str] = []
    heard: list[tuple[str, bool]] = []
    listener = WindowsListener(read_bindings(written).keys, user, Kernel())
    listener.run(refused.extend, lambda action, is_down: heard.append((action, is_down)))
    return refused, heard


def test_keys_are_registered_with_what_is_held_beside_them() -> None:
    user = User()

    refused, heard = listened(user, start="Ctrl+Shift+F9", mute="Ctrl+M", voice_1="Num+1", voice_2="Ctrl+!")

    assert list(user.registered.values()) == [
        (CTRL | SHIFT | NO_REPEAT, 0x78),
        (CTRL | NO_REPEAT, 0x4D),
        (NO_REPEAT, 0x61),
        (CTRL | SHIFT | NO_REPEAT, 0x31),
    ]
    assert (refused, heard, user.left) == ([], [], [1, 2, 3, 4])


def test_held_key_goes_up_when_it_is_no_longer_down() -> None:
    user = User((HOTKEY, 1), {0x77}, (HOTKEY, 1), set())

    _, heard = listened(user, push_to_talk="F8")

    assert heard == [("push_to_talk", True), ("push_to_talk", False)]
    assert user.waits[0] == FOR_EVER and FOR_EVER not in user.waits[1:4]


def test_key_that_is_held_at_the_end_goes_up() -> None:
    _, heard = listened(User((HOTKEY, 1)), push_to_talk="F8")

    assert heard == [("push_to_talk", True), ("push_to_talk", False)]


@pytest.mark.parametrize("keys", ["Ctrl+F9", "Ctrl+Ж", "F30"])
def test_keys_that_are_not_to_be_had_are_told(keys: str) -> None:
    refused, _ = listened(User(taken=(0x78,)), mute=keys, start="F1")

    assert refused == ["mute"]


def test_messages_of_others_are_nothing() -> None:
    _, heard = listened(User((HOTKEY, 99), (0x0200, 1)), mute="F9")

    assert heard == []


def test_closing_before_it_began_ends_it() -> None:
    user = User()
    listener = WindowsListener(read_bindings({"mute": "F9"}).keys, user, Kernel())
    listener.close()

    listener.run(lambda _: None, lambda *_: None)

    assert user.waits == []


def test_queue_that_cannot_be_waited_for_is_a_sentence() -> None:
    user = User()
    user.answer = FOR_EVER

    with pytest.raises(RtvcError, match="Windows tells of no keys"):
        listened(user, mute="F9")
