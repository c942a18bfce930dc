"""What a run's own thread lets others see of it."""

from dataclasses import dataclass

from rtvc.status import State


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
