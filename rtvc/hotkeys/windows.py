"""Keys on Windows: RegisterHotKey and the messages that follow; where a key goes up again is looked for.

The system tells only that a key went down, to the thread that registered it, so that thread looks at the key's
state while one is held.
"""

import ctypes
import sys
from collections.abc import Mapping
from typing import Any

from rtvc.errors import RtvcError
from rtvc.hotkeys.combination import Combination
from rtvc.hotkeys.listening import Heard, Opened

FLAGS = {"Alt": 1, "Ctrl": 2, "Shift": 4, "Meta": 8}
NO_REPEAT = 0x4000
QUIT, HOTKEY = 0x0012, 0x0312  # messages
ALL_INPUT, REMOVE = 0x04FF, 1
FOR_EVER, LOOK_MS = 0xFFFFFFFF, 15
IS_DOWN = 0x8000
NO_SUCH_KEY = -1


class Message(ctypes.Structure):
    """What a thread's queue holds (MSG)."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("kind", ctypes.c_uint),
        ("word", ctypes.c_size_t),
        ("long", ctypes.c_ssize_t),
        ("time", ctypes.c_uint),
        ("x", ctypes.c_long),
        ("y", ctypes.c_long),
    )


class WindowsListener:
    """A `Listener` by the library `user32`, or another of its kind."""

    def __init__(self, keys: Mapping[str, Combination], user: Any = None, kernel: Any = None) -> None:
        self._keys = keys
        self._user, self._kernel = _library("user32", user), _library("kernel32", kernel)
        self._thread = 0
        self._is_over = False
        self._codes: dict[int, tuple[str, int]] = {}  # by number, the action and its key
        self._down: dict[str, int] = {}

    def run(self, opened: Opened, heard: Heard) -> None:
        """Listen until `close` is called; RtvcError where the system has no messages for us."""
        message = Message()
        self._user.PeekMessageW(ctypes.byref(message), None, 0, 0, 0)  # makes the queue that `close` writes to
        self._thread = self._kernel.GetCurrentThreadId()
        try:
            opened([action for number, action in enumerate(self._keys, 1) if not self._register(number, action)])
            while not self._is_over:
                self._wait()
                while self._user.PeekMessageW(ctypes.byref(message), None, 0, 0, REMOVE):
                    self._take(message, heard)
                self._look(heard)
        finally:
            for number in self._codes:
                self._user.UnregisterHotKey(None, number)
            for action in self._down:
                heard(action, False)

    def close(self) -> None:
        """Let `run` return."""
        self._is_over = True
        if self._thread:
            self._user.PostThreadMessageW(self._thread, QUIT, 0, 0)

    def _register(self, number: int, action: str) -> bool:
        combination = self._keys[action]
        virtual, flags = self._virtual(combination)
        flags |= sum(FLAGS[name] for name in combination.modifiers - {"Shift"})
        flags |= FLAGS["Shift"] if "Shift" in combination.modifiers else 0
        if not virtual or not self._user.RegisterHotKey(None, number, flags | NO_REPEAT, virtual):
            return False
        self._codes[number] = (action, virtual)
        return True

    def _virtual(self, combination: Combination) -> tuple[int, int]:
        """Return a key's virtual code, 0 for none, and what its letter needs to be held on this keyboard."""
        if combination.key is not None:
            return combination.key.virtual, 0
        found = ctypes.c_short(self._user.VkKeyScanW(ctypes.c_wchar(combination.name.lower()))).value
        if found == NO_SUCH_KEY:
            return 0, 0
        return found & 0xFF, FLAGS["Shift"] if found >> 8 & 1 else 0

    def _wait(self) -> None:
        limit = LOOK_MS if self._down else FOR_EVER
        if self._user.MsgWaitForMultipleObjects(0, None, False, limit, ALL_INPUT) == FOR_EVER:
            raise RtvcError("Windows tells of no keys any more")

    def _take(self, message: Message, heard: Heard) -> None:
        if message.kind == QUIT:
            self._is_over = True
        elif message.kind == HOTKEY and message.word in self._codes:
            action, virtual = self._codes[message.word]
            if action not in self._down:
                self._down[action] = virtual
                heard(action, True)

    def _look(self, heard: Heard) -> None:
        for action, virtual in tuple(self._down.items()):
            if not self._user.GetAsyncKeyState(virtual) & IS_DOWN:
                del self._down[action]
                heard(action, False)


def _library(name: str, given: Any) -> Any:
    if sys.platform == "win32" and given is None:
        return ctypes.WinDLL(name)
    return given
