"""What a session's status means, in words for people."""

from typing import NamedTuple

from rtvc.status import State, Status
from ui.language import translate
from ui.state_line import Mood
from ui.words import clock

TOO_SLOW, NEARLY_TOO_SLOW = 1.0, 0.85  # p95 of the load
ACTIVE = (State.LOADING, State.RUNNING, State.RECOVERING, State.STOPPING)


class Shown(NamedTuple):
    """A state as `StateLine.show_state` takes it."""

    mood: Mood
    headline: str
    sentence: str = ""


def described(status: Status, voice: str, coming: str = "") -> Shown:
    """Return what to show of a session that speaks with the voice of this title, and is loading another one."""
    if status.state is State.RUNNING:
        return _running(status, voice, coming)
    return {
        State.IDLE: Shown(
            Mood.IDLE, translate("rtvc", "Ready"), status.message or translate("rtvc", "Press Start and speak.")
        ),
        State.LOADING: waiting(status.message) if status.message else loading(voice),
        State.RECOVERING: Shown(Mood.WARNING, translate("rtvc", "Interrupted – mending it"), status.message),
        State.STOPPING: stopping(),
        State.FAILED: failed(status.message),
    }[status.state]


def loading(voice: str) -> Shown:
    """Return what to show while a voice is being loaded."""
    return Shown(
        Mood.BUSY,
        translate("rtvc", "Loading {voice} …").format(voice=voice),
        translate("rtvc", "The first sound comes in a moment."),
    )


def waiting(words: str) -> Shown:
    """Return what to show while something that is needed is not there yet."""
    return Shown(Mood.WARNING, translate("rtvc", "Waiting"), words)


def stopping() -> Shown:
    """Return what to show while a session ends."""
    return Shown(Mood.BUSY, translate("rtvc", "Stopping …"), translate("rtvc", "The devices are being released."))


def trying() -> Shown:
    """Return what to show while this machine is tried out."""
    return Shown(
        Mood.BUSY, translate("rtvc", "Trying this machine …"), translate("rtvc", "Nobody hears you meanwhile.")
    )


def failed(sentence: str) -> Shown:
    """Return what to show of a run that could not start or go on."""
    return Shown(
        Mood.ERROR,
        translate("rtvc", "Not running"),
        sentence or translate("rtvc", "It stopped and gave no reason; press Start to try again."),
    )


def _running(status: Status, voice: str, coming: str) -> Shown:
    trouble = "; ".join(filter(None, (_load_words(status), status.message)))
    headline = translate("rtvc", "Live as {voice}").format(voice=voice)
    if status.muted:
        headline, told = translate("rtvc", "Live, muted"), translate("rtvc", "Nobody hears you.")
    elif status.passthrough:
        headline, told = translate("rtvc", "Live, passing through"), translate("rtvc", "Your own voice is heard.")
    elif coming and coming == voice:
        told = translate("rtvc", "Opening the other windows …; nothing is interrupted.")
    elif coming:
        told = translate("rtvc", "Loading {coming} …; {voice} speaks until then.").format(coming=coming, voice=voice)
    else:
        source = status.input or translate("rtvc", "microphone")
        target = status.output or translate("rtvc", "output")
        told = f"{clock(status.seconds)} · {source} → {target}"
    unusual = bool(trouble) or status.muted or status.passthrough
    return Shown(Mood.WARNING if unusual else Mood.GOOD, headline, trouble or told)


def _load_words(status: Status) -> str:
    if status.load.p95 >= TOO_SLOW:
        return translate("rtvc", "too slow for these settings: a longer hop stops the gaps")
    if status.load.p95 >= NEARLY_TOO_SLOW:
        return translate("rtvc", "this machine has little to spare: a longer hop makes gaps less likely")
    return ""
