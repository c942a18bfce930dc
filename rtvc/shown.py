"""What a run's own thread lets others see of it."""

from dataclasses import dataclass

from rtvc.shared import SharedStatus
from rtvc.status import Load, State, Timing

TOO_MUCH_LOAD = 0.95


@dataclass(frozen=True)
class Shown:
    """What other threads may see of a run, replaced as a whole."""

    state: State
    message: str = ""
    faults: tuple[tuple[str, int], ...] = ()
    recoveries: int = 0
    seconds: float = 0.0
    learned: tuple[tuple[str, float], ...] = ()
    input: str = ""
    output: str = ""
    ended: bool = False


def overload_words(load: float) -> str:
    """Return in a sentence that a machine is too slow, as a usual load says; empty where it is not."""
    if load < TOO_MUCH_LOAD:
        return ""
    return f"this machine is too slow for this voice (load {load:.0%}); take a longer hop, or another voice"


def timing_of(shared: SharedStatus, state: State) -> Timing:
    """Return the clockwork of the stream that is heard."""
    audio, engine = shared.audio, shared.played
    return Timing(
        epoch=round(engine["epoch"]),
        is_ready=engine["ready"] > 0 and state is State.RUNNING,
        hop=engine["hop"],
        slack=audio["slack"],
        stretches=round(audio["slack_count"]),
        late=round(audio["late"]),
        load=Load(engine["p50"], engine["p95"], engine["p99"]),
    )
