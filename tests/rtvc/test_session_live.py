"""A live session on a real sound server, while nothing breaks."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rtvc.errors import RtvcError
from rtvc.session import Session, SessionOptions
from rtvc.status import State
from rtvc.wavfile import read_audio
from tests.live_path import CONVERTED, SPOKEN, LivePath, process_id, tone_levels, toy_voice
from tests.pulse_server import RATE, PulseServer, wait_until

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recorded") / "session.wav"


@pytest.fixture(scope="module")
def live(server: PulseServer, recorded: Path) -> Iterator[LivePath]:
    with LivePath(server, monitor="rtvc_ear", record=recorded) as path:
        yield path


def test_converted_sound_comes_out_of_the_chosen_output_and_of_the_monitor(live: LivePath) -> None:
    live.wait_until_heard(CONVERTED)
    live.wait_until_heard(CONVERTED, "rtvc_ear.monitor")


def test_status_tells_levels_load_and_every_part_of_the_delay(live: LivePath) -> None:
    live.wait_until_heard()
    wait_until(lambda: live.session.status().load.p50, 10, "the load is known")

    status = live.session.status()

    assert status.level_in == pytest.approx(SPOKEN, rel=0.1)
    assert status.level_out == pytest.approx(CONVERTED, rel=0.1)
    assert 0 < status.load.p50 <= status.load.p95 <= status.load.p99
    assert status.delay["hop"] == pytest.approx(live.options.hop, abs=0.005)
    assert all(seconds >= 0 for seconds in status.delay.values())
    assert 0.05 < status.delay.total < 0.5


def test_figures_for_a_file_tell_the_same(live: LivePath) -> None:
    figures = live.session.stats()

    parts = [value for name, value in figures["delay"].items() if name != "total_ms"]
    assert figures["delay"]["total_ms"] == pytest.approx(sum(parts), abs=0.5)
    assert {"load", "late", "lost", "skipped", "recoveries", "drift_ppm", "seconds"} <= set(figures)


def test_audio_process_holds_neither_torch_nor_qt(live: LivePath) -> None:
    loaded = Path(f"/proc/{process_id('audio process')}/maps").read_text()

    assert "libportaudio" in loaded
    assert not any(word in loaded for word in ("libtorch", "PySide6", "libQt6"))


def test_pass_through_lets_the_microphone_through_and_the_voice_back(live: LivePath) -> None:
    live.session.set_passthrough(True)
    live.wait_until_heard(SPOKEN)
    live.session.set_passthrough(False)
    live.wait_until_heard(CONVERTED)


def test_mute_silences_both_outputs(live: LivePath) -> None:
    live.session.set_mute(True)
    live.wait_until_heard(0.0)
    live.wait_until_heard(0.0, "rtvc_ear.monitor")
    live.session.set_mute(False)
    live.wait_until_heard(CONVERTED)


def test_control_of_the_voice_is_heard(live: LivePath) -> None:
    live.session.set_value("output_gain_db", 6.02)
    live.wait_until_heard(2 * CONVERTED)
    live.session.set_value("output_gain_db", 0.0)
    live.wait_until_heard(CONVERTED)


@pytest.mark.parametrize("margin", [0.12, 0.03])
def test_margin_changes_while_running(live: LivePath, margin: float) -> None:
    live.session.set_margin(margin)

    wait_until(
        lambda: abs(live.session.status().delay.get("margin", 0.0) - margin) < 0.03,
        60,
        "the margin is what was asked for",
        lambda: str(live.session.status()),
    )
    live.wait_until_heard()


@pytest.mark.parametrize("hop", [0.08, 0.02])
def test_hop_changes_while_running(live: LivePath, hop: float) -> None:
    live.session.set_hop(hop)

    wait_until(lambda: abs(live.session.status().delay.get("hop", 0.0) - hop) < 0.005, 60, "the hop has changed")
    live.wait_until_heard()
    assert live.session.status().recoveries == 0


def test_monitor_that_goes_leaves_the_voice_alone_and_comes_back(live: LivePath) -> None:
    live.server.unplug("rtvc_ear")
    wait_until(lambda: "rtvc_ear" in live.session.status().message, 20, "the loss is told")
    assert live.session.status().state is State.RUNNING
    live.wait_until_heard()
    live.server.plug("rtvc_ear")

    live.wait_until_heard(CONVERTED, "rtvc_ear.monitor")
    wait_until(lambda: live.session.status().message == "", 20, "all is well")
    assert live.session.status().faults == {}


def test_what_was_played_is_in_the_recording(live: LivePath, recorded: Path) -> None:
    live.wait_until_heard()
    live.session.stop()

    samples, rate = read_audio(recorded)
    levels = tone_levels(samples)
    assert rate == RATE
    assert live.session.status().state is State.IDLE
    assert np.mean(np.abs(levels - CONVERTED) < 0.01) > 0.2
    assert levels.max() < 1.1 * 2 * CONVERTED


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"input": "rtvc_mik"}, "no microphone 'rtvc_mik'; did you mean rtvc_mic"),
        ({"output": "rtvc_aut"}, "no output 'rtvc_aut'; did you mean rtvc_out"),
        ({"input": "rtvc_out.monitor"}, "would feed back"),
        ({"output": "rtvc_feed"}, "rtvc_mic hears what rtvc_feed plays"),
        ({"input": Path("nowhere.wav")}, "nowhere.wav"),
        ({"voice": toy_voice(family="nonsense")}, "no model family 'nonsense'"),
        ({"values": {"gaim_db": 3.0}}, "gain_db"),
    ],
)
def test_start_that_cannot_be_ends_with_one_sentence(
    server: PulseServer, changes: dict[str, object], words: str
) -> None:
    wanted = {"voice": toy_voice(), "input": "rtvc_mic", "output": "rtvc_out", "device": "cpu", **changes}

    with Session() as session:
        session.start(SessionOptions(**wanted))  # type: ignore[arg-type]
        wait_until(lambda: session.status().state is State.FAILED, 60, "it fails", lambda: str(session.status()))

        assert words in session.status().message
        assert "\n" not in session.status().message


def test_unknown_control_is_answered_with_the_nearest(server: PulseServer) -> None:
    gain = {"name": "gain_db", "label": "Gain", "low": -24, "high": 24, "default": 0}
    with Session() as session:
        session.start(SessionOptions(toy_voice(params=[gain]), "rtvc_mic", "rtvc_out", device="cpu"))

        with pytest.raises(RtvcError, match="no control 'gaim_db'; did you mean gain_db"):
            session.set_value("gaim_db", 1.0)
