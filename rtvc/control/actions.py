"""What can be asked of a running rtvc, checked word by word."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from rtvc.errors import ControlError
from rtvc.nearest import hint
from rtvc.status import State, Status

LONGEST_NAME = 200  # characters


class Controlled(Protocol):
    """What is driven: a window or a command with a session. Called from any thread; raises RtvcError in a sentence."""

    def start(self) -> None:
        """Begin to convert."""

    def stop(self) -> None:
        """End converting, and stay."""

    def set_mute(self, muted: bool) -> None:
        """Silence all outputs, or no longer."""

    def set_passthrough(self, passthrough: bool) -> None:
        """Let the microphone's own sound through, or the voice."""

    def set_voice(self, name: str) -> None:
        """Speak with another voice."""

    def set_value(self, name: str, value: float) -> None:
        """Set a control of the voice."""

    def show(self) -> None:
        """Bring the window to the front."""

    def quit(self) -> None:
        """End the program."""

    def status(self) -> Status:
        """Return a snapshot."""

    def history(self) -> Sequence[Mapping[str, Any]]:
        """Return the last minutes' counters."""


class Action(NamedTuple):
    """What is done, the words it takes beside `do`, and what it is for."""

    run: Callable[[Controlled, Mapping[str, Any]], Mapping[str, Any]]
    words: tuple[str, ...]
    summary: str


def perform(target: Controlled, request: Mapping[str, Any]) -> dict[str, Any]:
    """Do what a request asks for and return what it gives; ControlError for one that makes no sense."""
    name = request.get("do")
    if not isinstance(name, str) or name not in ACTIONS:
        raise ControlError(f"there is nothing called {str(name)[:LONGEST_NAME]!r} to do{hint(str(name), ACTIONS)}")
    action = ACTIONS[name]
    strange = set(request) - {"do", "token", *action.words}
    if strange:
        raise ControlError(f"{name} takes no {sorted(strange)[0][:LONGEST_NAME]!r}")
    return dict(action.run(target, request))


def status_facts(status: Status) -> dict[str, Any]:
    """Return a session's snapshot as plain facts; delays in ms, levels as linear peaks."""
    return {
        "state": status.state.value,
        "message": status.message,
        "voice": status.voice,
        "coming": status.coming,
        "muted": status.muted,
        "pass_through": status.passthrough,
        "input": status.input,
        "output": status.output,
        "seconds": round(status.seconds, 2),
        "level_in": round(status.level_in, 4),
        "level_out": round(status.level_out, 4),
        "delay_ms": round(status.delay.total * 1000, 2),
        "delay_parts_ms": {name: round(seconds * 1000, 2) for name, seconds in status.delay.items()},
        "load": {name: round(value, 4) for name, value in status.load._asdict().items()},
        "late": status.late,
        "lost": status.lost,
        "skipped": status.skipped,
        "recoveries": status.recoveries,
    }


def _simple(run: Callable[[Controlled], None]) -> Callable[[Controlled, Mapping[str, Any]], Mapping[str, Any]]:
    def act(target: Controlled, request: Mapping[str, Any]) -> Mapping[str, Any]:
        run(target)
        return {}

    return act


def _toggle_start(target: Controlled) -> None:
    (target.start if target.status().state in (State.IDLE, State.FAILED) else target.stop)()


def _toggle_mute(target: Controlled, request: Mapping[str, Any]) -> Mapping[str, Any]:
    wanted = not target.status().muted
    target.set_mute(wanted)
    return {"muted": wanted}


def _pass_through(target: Controlled, request: Mapping[str, Any]) -> Mapping[str, Any]:
    wanted = request.get("on", not target.status().passthrough)
    if not isinstance(wanted, bool):
        raise ControlError(f"pass-through takes on as true or false, not {wanted!r}")
    target.set_passthrough(wanted)
    return {"pass_through": wanted}


def _voice(target: Controlled, request: Mapping[str, Any]) -> Mapping[str, Any]:
    target.set_voice(_name(request, "voice"))
    return {}


def _set(target: Controlled, request: Mapping[str, Any]) -> Mapping[str, Any]:
    name, value = _name(request, "set"), request.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ControlError(f"set needs a number for {name}, not {str(value)[:LONGEST_NAME]!r}")
    target.set_value(name, float(value))
    return {}


def _name(request: Mapping[str, Any], action: str) -> str:
    name = request.get("name")
    if not isinstance(name, str) or not name or len(name) > LONGEST_NAME:
        raise ControlError(f"{action} needs a name of 1 to {LONGEST_NAME} letters")
    return name


ACTIONS: Mapping[str, Action] = {
    "start": Action(_simple(lambda target: target.start()), (), "begin to convert"),
    "stop": Action(_simple(lambda target: target.stop()), (), "stop converting; the program stays"),
    "toggle": Action(_simple(_toggle_start), (), "start where nothing runs, else stop; for a single key"),
    "mute": Action(_simple(lambda target: target.set_mute(True)), (), "silence all outputs"),
    "unmute": Action(_simple(lambda target: target.set_mute(False)), (), "be heard again"),
    "toggle-mute": Action(_toggle_mute, (), "silence all outputs, or be heard again; for a single key"),
    "pass-through": Action(_pass_through, ("on",), "let your own sound through, or the voice again"),
    "voice": Action(_voice, ("name",), "speak with another voice"),
    "set": Action(_set, ("name", "value"), "set a control of the voice"),
    "show": Action(_simple(lambda target: target.show()), (), "bring the window to the front"),
    "status": Action(lambda target, _: {"status": status_facts(target.status())}, (), "tell how things stand"),
    "history": Action(lambda target, _: {"history": list(target.history())}, (), "tell the last minutes' counters"),
    "quit": Action(_simple(lambda target: target.quit()), (), "end the program"),
}
