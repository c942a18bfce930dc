from dataclasses import dataclass, field, replace

import pytest

from rtvc.errors import DeviceError
from rtvc.port import HungError, Port
from rtvc.pulse import Endpoint, Placement, View

MIC = Endpoint("mic", "Microphone", 48000, True, False)
OTHER = Endpoint("other", "Other", 48000, False, False)
LOOP = Endpoint("out.monitor", "Monitor of Output", 48000, False, False, is_monitor=True)


@dataclass
class FakeStream:
    has_ended: bool = False
    wait: float = 0.02
    is_open: bool = True
    hangs: bool = False

    def close(self) -> None:
        if self.hangs:
            raise HungError
        self.is_open = False


@dataclass
class FakeSide:
    last_time: float = 0.0
    restarts: int = 0

    def restart(self) -> None:
        self.restarts += 1


@dataclass
class Bench:
    """A port with a stream that can be broken, and a view of the server that can be changed."""

    side: FakeSide = field(default_factory=FakeSide)
    streams: list[FakeStream] = field(default_factory=list)
    view: View = View(0.0, True, {"mic": MIC, "out.monitor": LOOP}, {}, {})
    refuses: bool = False
    now: float = 100.0

    def __post_init__(self) -> None:
        self.port = Port("input", "mic", self.open, self.side)

    def open(self) -> FakeStream:
        if self.refuses:
            raise DeviceError("the device is busy")
        self.streams.append(FakeStream())
        return self.streams[-1]

    def run(self, seconds: float, flows: bool = True) -> None:
        for _ in range(round(seconds / 0.02)):
            self.now += 0.02
            if flows and self.streams and self.streams[-1].is_open:
                self.side.last_time = self.now
            placed = {"input": Placement("input", "mic", 0.01)} if not self.view.placements else self.view.placements
            self.port.tick(self.now, replace(self.view, taken=self.now, placements=placed))

    def place(self, device: str) -> None:
        self.view = replace(self.view, placements={"input": Placement("input", device, 0.01)})


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.run(1.0)
    assert bench.port.is_flowing
    return bench


def kind(bench: Bench) -> str:
    return bench.port.fault.kind if bench.port.fault else ""


def test_stream_that_flows_is_left_alone(bench: Bench) -> None:
    bench.run(5.0)

    assert (len(bench.streams), kind(bench), bench.side.restarts) == (1, "", 1)


def test_stream_that_falls_silent_is_opened_again(bench: Bench) -> None:
    bench.run(1.54, flows=False)
    assert (kind(bench), bench.port.is_flowing) == ("silent", False)

    bench.run(1.0)

    assert (len(bench.streams), kind(bench), bench.side.restarts) == (2, "", 2)
    assert not bench.streams[0].is_open


def test_stream_that_the_system_ended_is_opened_again(bench: Bench) -> None:
    bench.streams[-1].has_ended = True

    bench.run(1.0)

    assert len(bench.streams) == 2
    assert bench.port.is_flowing


def test_suspended_device_keeps_its_stream_and_goes_on_with_it(bench: Bench) -> None:
    bench.view = replace(bench.view, sources={"mic": replace(MIC, is_suspended=True)})
    bench.run(3.0, flows=False)
    assert (kind(bench), len(bench.streams)) == ("suspended", 1)

    bench.view = replace(bench.view, sources={"mic": MIC})
    bench.run(0.1)

    assert (kind(bench), len(bench.streams), bench.side.restarts) == ("", 1, 2)


def test_device_that_is_gone_is_waited_for_and_no_other_is_taken(bench: Bench) -> None:
    bench.view = replace(bench.view, sources={"other": OTHER})
    bench.run(10.0)
    assert (kind(bench), len(bench.streams)) == ("gone", 1)

    bench.view = replace(bench.view, sources={"mic": MIC})
    bench.run(0.5)

    assert bench.port.is_flowing


@pytest.mark.parametrize(("device", "expected"), [("other", "moved"), ("out.monitor", "feedback")])
def test_stream_that_the_server_moved_is_muted_and_taken_back(bench: Bench, device: str, expected: str) -> None:
    bench.place(device)
    bench.run(0.02)
    assert (kind(bench), bench.port.is_misplaced, bench.streams[0].is_open) == (expected, True, False)

    bench.place("mic")
    bench.run(1.0)

    assert (kind(bench), bench.port.is_misplaced, len(bench.streams)) == ("", False, 2)


def test_server_that_is_gone_is_waited_for(bench: Bench) -> None:
    bench.view = View()
    bench.run(3.0, flows=False)

    assert (kind(bench), len(bench.streams), bench.streams[0].is_open) == ("server", 1, False)


def test_server_that_is_slow_to_answer_is_no_reason_to_end_a_stream_that_flows(bench: Bench) -> None:
    bench.view = View()
    bench.run(3.0)

    assert (kind(bench), len(bench.streams), bench.port.is_flowing) == ("", 1, True)


def test_refused_device_is_tried_again_with_growing_pauses() -> None:
    bench = Bench(refuses=True)
    tries = []

    for _ in range(500):
        before = kind(bench)
        retry = bench.port._retry
        bench.run(0.02)
        if bench.port._retry != retry:
            tries.append(bench.now)
        assert kind(bench) == "refused" or before == ""

    assert 5 <= len(tries) <= 9
    assert "the device is busy" in (bench.port.fault.words if bench.port.fault else "")


def test_stream_that_cannot_be_closed_is_told_to_the_process(bench: Bench) -> None:
    bench.streams[-1].hangs = True

    with pytest.raises(HungError):
        bench.run(2.0, flows=False)
