"""Asks a running rtvc for one thing."""

from typing import Any

from rtvc.control.lines import Lines
from rtvc.control.place import Place
from rtvc.errors import ControlError

ANSWER_SECONDS = 10.0  # stopping a session takes some


def ask(request: dict[str, Any], place: Place | None = None) -> dict[str, Any]:
    """Send a request and return what it gives; ControlError where nobody answers, or with the answer's own sentence."""
    line = (Place() if place is None else place).connect()
    with line.connection:
        lines = Lines(line.connection)
        try:
            lines.send(request | ({"token": line.token} if line.token else {}))
            answer = lines.receive(ANSWER_SECONDS, ANSWER_SECONDS)
        except OSError as error:
            raise ControlError("rtvc does not answer; it may be ending or hang") from error
    if answer is None:
        raise ControlError("rtvc has ended before it could answer")
    if not answer.pop("ok", False):
        raise ControlError(str(answer.get("error", "rtvc refuses, and does not say why")))
    return answer
