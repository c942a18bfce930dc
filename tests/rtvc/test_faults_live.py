"""Faults of the world on a real sound server; each ends with converted sound flowing again, unaided."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from rtvc.status import State, Status
from tests.live_path import GAIN_DB, LivePath, process_id
from tests.pulse_server import PulseServer, wait_until

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def live(server: PulseServer) -> Iterator[LivePath]:
    with LivePath(server, loader="tests.broken_voice:load") as path:
        yield path


@pytest.fixture
def before(live: LivePath) -> Status:
    """The session's state before the fault, with converted sound flowing."""
    live.wait_for(State.RUNNING)
    live.wait_until_heard()
    return live.session.status()


def assert_mended(live: LivePath, before: Status, *faults: str) -> None:
    """Converted sound flows again between the devices that were chosen, and each of the faults is counted."""
    live.wait_until_heard()
    live.wait_for(State.RUNNING)
    now = live.session.status()
    assert (now.input, now.output) == ("rtvc_mic", "rtvc_out")
    assert now.recoveries > before.recoveries
    for fault in faults:
        assert now.faults.get(fault, 0) > before.faults.get(fault, 0), now.faults
    assert any(fault.split()[0] in now.message or "server" in now.message for fault in faults), now.message


def wait_for_words(live: LivePath, *words: str) -> None:
    """Wait until the fault is told of."""

    def is_told() -> bool:
        status = live.session.status()
        return status.state is State.RECOVERING and all(word in status.message for word in words)

    wait_until(is_told, 30, f"the message has {words}", lambda: str(live.session.status()))


def test_microphone_removed_and_returned(live: LivePath, before: Status) -> None:
    live.server.unplug("rtvc_mic")
    wait_for_words(live, "rtvc_mic")
    live.wait_until_heard(0.0)
    live.server.plug("rtvc_mic")

    assert_mended(live, before, "microphone gone")


def test_output_removed_and_returned(live: LivePath, before: Status) -> None:
    live.server.unplug("rtvc_out")
    wait_for_words(live, "rtvc_out")
    assert live.is_heard(0.0, "rtvc_ear.monitor")
    live.server.plug("rtvc_out")

    assert_mended(live, before, "output gone")


def test_output_suspended_and_resumed(live: LivePath, before: Status) -> None:
    live.server.control("suspend-sink", "rtvc_out", "1")
    wait_for_words(live, "rtvc_out", "suspended")
    live.server.control("suspend-sink", "rtvc_out", "0")

    assert_mended(live, before, "output suspended")


def test_sound_server_killed_and_restarted(live: LivePath, before: Status) -> None:
    live.server.kill()
    wait_for_words(live, "sound server")
    live.server.start()
    live.speak_again()

    assert_mended(live, before, "sound server gone")


def test_own_output_is_never_fed_back(live: LivePath, before: Status) -> None:
    listing = live.server.control("list", "short", "source-outputs").splitlines()
    sources = live.server.control("list", "short", "sources").splitlines()
    microphone = next(line.split("\t")[0] for line in sources if "rtvc_mic" in line)
    stream = next(line.split("\t")[0] for line in listing if line.split("\t")[1] == microphone)

    live.server.control("move-source-output", stream, "rtvc_out.monitor")

    wait_until(lambda: live.session.status().recoveries > before.recoveries, 30, "the microphone is taken back")
    assert_mended(live, before, "microphone feedback")


def test_engine_killed(live: LivePath, before: Status) -> None:
    os.kill(process_id("engine"), signal.SIGKILL)
    wait_for_words(live, "engine")

    assert_mended(live, before, "engine died")


def test_engine_stalled_for_600_ms(live: LivePath, before: Status) -> None:
    engine = process_id("engine")

    os.kill(engine, signal.SIGSTOP)
    time.sleep(0.6)
    os.kill(engine, signal.SIGCONT)

    wait_until(lambda: live.session.status().skipped > before.skipped, 10, "hops are skipped")
    live.wait_until_heard()
    wait_until(lambda: live.session.status().delay.total < before.delay.total + 0.05, 30, "the delay is what it was")
    now = live.session.status()
    assert now.late > before.late
    assert process_id("engine") == engine


def test_audio_process_hung(live: LivePath, before: Status) -> None:
    os.kill(process_id("audio process"), signal.SIGSTOP)
    wait_for_words(live, "audio process")

    assert_mended(live, before, "audio process hung")


def test_no_numbers_from_the_model(live: LivePath, before: Status) -> None:
    live.session.set_value("gain_db", 24.0)
    wait_until(lambda: live.session.status().nan > before.nan, 20, "broken pieces are counted")
    wait_until(lambda: "no numbers" in live.session.status().message, 20, "the message says so")
    live.wait_until_heard(0.0)
    live.session.set_value("gain_db", GAIN_DB)

    live.wait_until_heard()
    assert live.session.status().state is State.RUNNING
