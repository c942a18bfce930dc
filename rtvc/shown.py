"""What a run's own thread lets others see of it."""

from dataclasses import dataclass

from rtvc.status import State

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
