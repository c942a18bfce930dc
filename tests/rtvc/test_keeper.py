from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rtvc.faults import FaultBook
from rtvc.keeper import Keeper


@dataclass
class FakeProcess:
    is_alive: bool = True
    said: list[tuple[Any, ...]] = field(default_factory=list)
    heard: list[tuple[Any, ...]] = field(default_factory=list)
    killed: bool = False

    def messages(self) -> list[tuple[Any, ...]]:
        said, self.said = self.said, []
        return said

    def send(self, *message: Any) -> None:
        self.heard.append(message)

    def stop(self) -> None:
        self.is_alive = False

    def kill(self) -> None:
        self.is_alive, self.killed = False, True


class Bench:
    def __init__(self) -> None:
        self.processes: list[FakeProcess] = []
        self.book = FaultBook()
        self.now = self.beat = 0.0
        self.ends = 0
        self.keeper = Keeper("engine", self.start, self.on_end, lambda: self.beat, self.book, 2.0, 60.0)

    def start(self) -> FakeProcess:
        self.processes.append(FakeProcess())
        return self.processes[-1]

    def on_end(self) -> None:
        self.ends += 1

    def run(self, seconds: float, beats: Callable[[], bool] = lambda: True) -> list[tuple[Any, ...]]:
        said = []
        for _ in range(round(seconds / 0.1)):
            self.now += 0.1
            said += self.keeper.tick(self.now)
            if beats() and self.processes and self.processes[-1].is_alive:
                self.beat = self.now
        return said


def test_process_that_works_is_left_alone() -> None:
    bench = Bench()

    bench.run(60.0)

    assert len(bench.processes) == 1
    assert not bench.book.is_open


def test_process_that_ends_is_started_again() -> None:
    bench = Bench()
    bench.run(1.0)

    bench.processes[-1].is_alive = False
    bench.run(1.0)

    assert (len(bench.processes), bench.ends) == (2, 1)
    assert bench.book.message(bench.now) == "the engine was ended; it is started again"


def test_last_words_of_a_process_are_told() -> None:
    bench = Bench()
    bench.run(1.0)

    bench.processes[-1].said = [("crashed", "ValueError: no", "traceback")]
    bench.processes[-1].is_alive = False
    said = bench.run(0.1)

    assert said == [("crashed", "ValueError: no", "traceback")]
    assert bench.book.message(bench.now) == "the engine crashed (ValueError: no); it is started again"


def test_process_that_hangs_is_killed_and_replaced() -> None:
    bench = Bench()
    bench.run(1.0)

    bench.run(2.5, beats=lambda: False)

    assert bench.processes[0].killed
    assert len(bench.processes) == 2


def test_process_may_take_its_time_to_start() -> None:
    bench = Bench()

    bench.run(50.0, beats=lambda: False)

    assert len(bench.processes) == 1


def test_process_that_always_ends_is_started_with_growing_pauses() -> None:
    bench = Bench()

    for _ in range(100):
        bench.run(0.1)
        if bench.processes:
            bench.processes[-1].is_alive = False

    assert 5 <= len(bench.processes) <= 10
    assert bench.keeper.failures >= 5


def test_messages_reach_the_process_that_is_there() -> None:
    bench = Bench()
    bench.keeper.send("lost")
    bench.run(0.2)

    bench.keeper.send("value", "gain_db", 1.0)

    assert bench.processes[-1].heard == [("value", "gain_db", 1.0)]
