"""Keys on X: the server hands over those that are grabbed, and keeps them from everybody else.

X Window System Protocol, GrabKey: a grab is refused where another program has the same one, and holds for exactly
one state of the locks, so each combination is grabbed with and without Caps Lock and Num Lock.
"""

import select
import socket
from collections.abc import Mapping
from contextlib import suppress
from itertools import product
from typing import Any, NamedTuple

from Xlib import X, error
from Xlib.display import Display

from rtvc.errors import RtvcError
from rtvc.hotkeys.combination import Combination
from rtvc.hotkeys.listening import Heard, Opened

MODIFIER_KEYSYMS = {"Alt": 0xFFE9, "Meta": 0xFFEB, "NumLock": 0xFF7F}
FIXED_MASKS = {"Ctrl": X.ControlMask, "Shift": X.ShiftMask}
CHANGING = X.ShiftMask | X.ControlMask | X.Mod1Mask | X.Mod2Mask | X.Mod3Mask | X.Mod4Mask | X.Mod5Mask
LOST = "the X display does not answer; keys are not heard any more"


class Grab(NamedTuple):
    """A key of this keyboard and the modifiers that are held beside it."""

    code: int
    mask: int


class XListener:
    """A `Listener` on the display that DISPLAY names, or on another."""

    def __init__(self, keys: Mapping[str, Combination], display: str | None = None) -> None:
        self._keys, self._name = keys, display
        self._woken, self._waker = socket.socketpair()

    def run(self, opened: Opened, heard: Heard) -> None:
        """Listen until `close` is called; RtvcError where the display refuses or is lost."""
        try:
            display = Display(self._name)
        except (error.DisplayError, error.XauthError, error.ConnectionClosedError, OSError) as refusal:
            raise RtvcError(f"the X display cannot be listened to ({refusal})") from refusal
        try:
            _Hearing(display, self._keys, heard).listen(opened, self._woken)
        except (error.ConnectionClosedError, OSError) as loss:
            raise RtvcError(LOST) from loss
        finally:
            with suppress(error.ConnectionClosedError, OSError):
                display.close()

    def close(self) -> None:
        """Let `run` return."""
        with suppress(OSError):
            self._waker.send(b".")


class _Hearing:
    """One connection, with its grabs and the keys that are down."""

    def __init__(self, display: Any, keys: Mapping[str, Combination], heard: Heard) -> None:
        self._display, self._keys, self._heard = display, keys, heard
        self._root = display.screen().root
        self._masks: dict[str, int] = {}
        self._actions: dict[Grab, str] = {}
        self._down: dict[int, str] = {}
        self._ended: dict[int, int] = {}  # by key code, when it was last released

    def listen(self, opened: Opened, woken: socket.socket) -> None:
        """Hand over what is heard until something arrives at `woken`."""
        try:
            opened(self._grab(self._wanted()))
            is_over = False
            while not is_over:
                while self._display.pending_events():
                    self._take(self._display.next_event())
                is_over = woken in select.select([self._display.fileno(), woken], [], [])[0]
        finally:
            for action in self._down.values():
                self._heard(action, False)

    def _wanted(self) -> dict[str, Grab | None]:
        """Where this keyboard has each action's keys, None where it has not."""
        self._masks = self._modifier_masks()
        return {action: self._place(combination) for action, combination in self._keys.items()}

    def _grab(self, wanted: Mapping[str, Grab | None]) -> list[str]:
        """Grab all keys, and return the actions whose keys are not to be had."""
        refused = []
        for action, grab in wanted.items():
            if grab is None or not self._try(grab):
                refused.append(action)
            else:
                self._actions[grab] = action
        return refused

    def _modifier_masks(self) -> dict[str, int]:
        """Which bit each modifier has on this keyboard."""
        rows = [{self._display.keycode_to_keysym(code, 0) for code in row if code} for row in
                self._display.get_modifier_mapping()]  # fmt: skip
        found = {
            name: next((1 << bit for bit, row in enumerate(rows) if keysym in row), 0)
            for name, keysym in MODIFIER_KEYSYMS.items()
        }
        return found | FIXED_MASKS

    def _place(self, combination: Combination) -> Grab | None:
        """Where the keys are; a sign above another one takes Shift as well."""
        code = self._display.keysym_to_keycode(combination.keysym)
        held = [self._masks[name] for name in combination.modifiers]
        if not code or not all(held):
            return None
        is_upper = combination.key is None and self._display.keycode_to_keysym(code, 0) != combination.keysym
        return Grab(code, sum(set(held) | ({X.ShiftMask} if is_upper else set())))

    def _states(self, grab: Grab) -> set[int]:
        """The grab's modifiers with and without each lock."""
        locks = product((0, X.LockMask), (0, self._masks["NumLock"]))
        return {grab.mask | caps | num for caps, num in locks}

    def _try(self, grab: Grab) -> bool:
        refusal = error.CatchError(error.BadAccess)
        for state in self._states(grab):
            self._root.grab_key(grab.code, state, True, X.GrabModeAsync, X.GrabModeAsync, onerror=refusal)
        self._display.sync()
        if refusal.get_error() is None:
            return True
        for state in self._states(grab):
            self._root.ungrab_key(grab.code, state)
        return False

    def _follow_keyboard(self) -> None:
        """Grab anew where the keys have moved, as with another layout."""
        wanted = self._wanted()
        if {wanted[action]: action for action in self._actions.values()} != self._actions:
            self._root.ungrab_key(X.AnyKey, X.AnyModifier)
            self._actions.clear()
            self._grab(wanted)

    def _take(self, event: Any) -> None:
        if event.type == X.MappingNotify:
            self._display.refresh_keyboard_mapping(event)
            self._follow_keyboard()
        elif event.type == X.KeyPress:
            self._press(event)
        elif event.type == X.KeyRelease and event.detail in self._down and not self._is_held(event.detail):
            self._ended[event.detail] = event.time
            self._heard(self._down.pop(event.detail), False)

    def _press(self, event: Any) -> None:
        """Begin a key; what a held one repeats has the time of the release before it."""
        action = self._action(event)
        if action is None or event.detail in self._down or self._ended.get(event.detail) == event.time:
            return
        self._down[event.detail] = action
        self._heard(action, True)

    def _action(self, event: Any) -> str | None:
        return self._actions.get(Grab(event.detail, event.state & CHANGING & ~self._masks["NumLock"]))

    def _is_held(self, code: int) -> bool:
        """Whether a key is down although the server told of its end, as it does when it repeats."""
        return bool(self._display.query_keymap()[code // 8] >> code % 8 & 1)
