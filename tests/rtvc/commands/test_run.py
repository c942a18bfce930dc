import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rtvc.commands.run import add_arguments, conclude, remember_talker, session_options
from rtvc.config import AudioConfig, Config, EngineConfig, load
from rtvc.errors import RtvcError
from rtvc.headless import Outcome
from rtvc.library import default_library
from rtvc.status import State, Status
from tests.pulse_server import wait_until
from tests.rtvc.commands.toys import make_speech

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def speech(tmp_path):
    """Two seconds at 48 kHz."""
    path = tmp_path / "speech.wav"
    soundfile.write(path, make_speech(2.0, 48000), 48000)
    return path


def correlation(a, b):
    """The largest correlation of two recordings over all shifts."""
    size = len(a) + len(b)
    product = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)
    return float(product.max() / np.sqrt(np.dot(a, a) * np.dot(b, b)))


def test_recording_goes_through_the_live_path_to_its_end(rtvc, server, speech, tmp_path):
    figures, record = tmp_path / "figures.json", tmp_path / "record.wav"

    answer = rtvc(
        *("run", "--voice", "toy", "--input", speech, "--output", "rtvc_out", "--hop-ms", 40, "--margin-ms", 300),
        *("--stats", figures, "--record", record),
    )

    found = json.loads(figures.read_text())
    assert answer.code == 0, answer.err
    parts = sum(value for name, value in found["delay"].items() if name != "total_ms")
    assert found["delay"]["total_ms"] == pytest.approx(parts, abs=0.1)
    assert (found["delay"]["look_ahead_ms"], found["lost"]) == (30.0, 0)
    assert set(found) >= {"load", "late", "skipped", "recoveries", "drift_ppm", "seconds"}
    assert set(found["load"]) == {"p50", "p95", "p99"}
    assert correlation(soundfile.read(record)[0], soundfile.read(speech)[0]) > 0.8  # a busy machine may be late
    assert "delay" in answer.out


def test_microphone_is_heard_for_the_given_time(rtvc, server, tmp_path):
    player = server.play(make_speech(1.0, 48000))
    try:
        answer = rtvc("run", "--voice", "toy", "--seconds", 1, "--stats", tmp_path / "figures.json")
    finally:
        player.stop()

    assert answer.code == 0, answer.err
    assert json.loads((tmp_path / "figures.json").read_text())["seconds"] == pytest.approx(1, abs=0.5)


def test_interruption_keeps_the_recording_and_the_figures(home, server, tmp_path):
    record, figures = tmp_path / "record.wav", tmp_path / "figures.json"
    words = ["run", "--voice", "toy", "--record", str(record), "--stats", str(figures)]
    command = [sys.executable, "-m", "rtvc.cli", *words]
    process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stderr is not None
    while process.stderr.readline() not in ("rtvc: running\n", ""):
        pass
    wait_until(lambda: record.exists() and record.stat().st_size > 0.4 * 2 * 48000, 30, "something is recorded")

    os.killpg(process.pid, signal.SIGINT)  # as a terminal does

    _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in told
    assert soundfile.info(record).duration > 0.2
    assert json.loads(figures.read_text())["seconds"] > 0.2


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--input", "rtvc_mik"], "no microphone 'rtvc_mik'; did you mean rtvc_mic?"),
        (["--output", "rtvc_oot"], "no output 'rtvc_oot'; did you mean rtvc_out?"),
        (["--monitor", "rtvc_oot"], "no output 'rtvc_oot'; did you mean rtvc_out?"),
        (["--input", "none.wav"], "no recording none.wav"),
        (["--voice", "tou"], "no voice 'tou'; did you mean toy?"),
        (["--set", "gane_db=2"], "no control 'gane_db'"),
        (["--record", "/nowhere/a.wav"], "there is no folder /nowhere"),
        (["--record", "/dev/full"], "/dev/full exists"),
        (["--stats", "/"], "/ is a folder"),
        (["--input", "rtvc_out.monitor", "--output", "rtvc_out"], "feed back"),
    ],
)
def test_faulty_wish_is_one_sentence(rtvc, server, words, expected):
    answer = rtvc("run", "--voice", "toy", "--seconds", 1, *words)

    assert answer.code == 1
    assert "Traceback" not in answer.err
    assert expected in answer.err.splitlines()[-1]


def test_recording_that_exists_is_not_overwritten(rtvc, server, speech, tmp_path):
    before = speech.read_bytes()

    answer = rtvc("run", "--voice", "toy", "--seconds", 1, "--record", speech)

    assert answer.code == 1
    assert str(speech) in answer.err.splitlines()[-1]
    assert speech.read_bytes() == before


def test_talker_is_remembered_by_the_microphone(tmp_path):
    heard = Outcome(Status(State.IDLE, learned={"talker_hz": 118.04}), {}, interrupted=False)
    path = tmp_path / "config.yaml"
    path.write_text("talkers: {other: 200}\n")

    remember_talker(path, "mic", heard)

    assert load(path).talkers == {"other": 200.0, "mic": 118.0}


@pytest.mark.parametrize(("source", "hertz"), [("mic", 0.0), ("mic", 1000.0), (Path("speech.wav"), 118.0)])
def test_talker_of_a_recording_or_of_no_voice_is_not_remembered(tmp_path, source, hertz):
    heard = Outcome(Status(State.IDLE, learned={"talker_hz": hertz}), {}, interrupted=False)

    remember_talker(tmp_path / "config.yaml", source, heard)

    assert not (tmp_path / "config.yaml").exists()


def test_settings_that_cannot_be_saved_are_a_warning(capsys):
    heard = Outcome(Status(State.IDLE, learned={"talker_hz": 118.0}), {}, interrupted=False)

    remember_talker(Path("/proc/rtvc/config.yaml"), "mic", heard)

    assert "settings cannot be saved" in capsys.readouterr().err


def test_recording_that_stopped_is_an_error_though_the_voice_went_on(capsys):
    full = Status(State.IDLE, seconds=9.0, recording_fault="recording to a.wav stopped after 4.0 s: disk is full")

    with pytest.raises(RtvcError, match="disk is full"):
        conclude(Outcome(full, {}, interrupted=False))

    assert "9.0 s" in capsys.readouterr().out


@pytest.fixture
def no_server(monkeypatch, tmp_path):
    """A machine without any sound: no server, and no devices of PortAudio either."""
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/none")
    monkeypatch.setattr("rtvc.devices._library_devices", tuple)


def test_no_microphone_is_one_sentence(rtvc, no_server):
    answer = rtvc("run", "--voice", "toy", "--seconds", 1)

    assert answer.code == 1
    assert answer.sentence == "rtvc: the sound server does not answer, and there is no sound device without it"


def test_path_of_the_settings_that_is_not_there_is_told_as_a_recording(no_server, home, tmp_path):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    config = Config(audio=AudioConfig(input=str(tmp_path / "spoken.caf")))

    with pytest.raises(RtvcError, match=r"no recording .*spoken\.caf; give the path of an audio file"):
        session_options(parser.parse_args([]), config, default_library().get("toy"))


def test_recording_is_repeated_where_that_is_wanted(no_server, home, recording):
    parser = argparse.ArgumentParser()
    add_arguments(parser)

    def repeats(*words: str, **audio: object) -> bool:
        config = Config(audio=AudioConfig(**audio))
        return session_options(parser.parse_args(words), config, default_library().get("toy")).repeats

    assert not repeats("--input", str(recording))
    assert repeats("--input", str(recording), "--repeat")
    assert repeats(input=str(recording))
    assert not repeats(input=str(recording), repeat=False)


def test_recording_needs_no_output(no_server, home, recording, capsys):
    parser = argparse.ArgumentParser()
    add_arguments(parser)

    options = session_options(parser.parse_args(["--input", str(recording)]), Config(), default_library().get("toy"))

    assert (options.input, options.output) == (recording, None)
    assert (
        "the sound server does not answer, and there is no sound device without it; nothing is played"
        in capsys.readouterr().err
    )


def test_arguments_go_before_the_settings(server, home):
    engine = EngineConfig(hop_ms=40.0, margin_ms=50.0)
    config = Config(audio=AudioConfig(output="rtvc_ear"), engine=engine, talkers={"rtvc_mic": 118.0})
    parser = argparse.ArgumentParser()
    add_arguments(parser)

    args = parser.parse_args(["--hop-ms", "20", "--margin-ms", "0", "--set", "gain_db=3"])
    options = session_options(args, config, default_library().get("toy"))

    assert (options.input, options.output, options.monitor) == ("rtvc_mic", "rtvc_ear", None)
    assert (options.hop, options.margin, options.block) == (0.02, 0.0, 0.01)
    assert options.values == {"gain_db": 3.0, "talker_hz": 118.0}
