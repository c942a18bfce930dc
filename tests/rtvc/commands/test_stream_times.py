import argparse
import json

import pytest

from rtvc.commands.options import add_engine, stream_times
from rtvc.config import Config, EngineConfig, StreamConfig, VoiceConfig
from rtvc.library import Voice
from rtvc.presets import StreamTimes
from tests.rtvc.commands.toys import make_voice

LOW = {"hop_ms": 80, "left_ms": 1000, "right_ms": 0, "fade_ms": 10}
HIGH = {"hop_ms": 240, "left_ms": 2000, "right_ms": 160, "fade_ms": 20}
STREAM = {"presets": {"low delay": LOW, "quality": HIGH}, "default": "quality", "step_ms": 40}
WINDOWED = Voice("mine", {"family": "passthrough", "stream": STREAM}, None, None)
PLAIN = Voice("toy", {"family": "passthrough"}, None, None)


def times(voice, *words, kept=None):
    parser = argparse.ArgumentParser()
    add_engine(parser, "")
    config = Config(engine=EngineConfig(hop_ms=30.0), voice=VoiceConfig("mine", {}, {"mine": kept} if kept else {}))
    return stream_times(config, voice, parser.parse_args(words))


@pytest.mark.parametrize(
    ("words", "kept", "expected"),
    [
        ([], None, StreamTimes(0.24, 2.0, 0.16, 0.02)),
        (["--preset", "low-delay"], None, StreamTimes(0.08, 1.0, 0.0, 0.01)),
        (["--preset", "low delay", "--hop-ms", "120"], None, StreamTimes(0.12, 1.0, 0.0, 0.01)),
        (["--left-ms", "500", "--right-ms", "40", "--fade-ms", "0"], None, StreamTimes(0.24, 0.5, 0.04, 0.0)),
        ([], StreamConfig("low delay"), StreamTimes(0.08, 1.0, 0.0, 0.01)),
        ([], StreamConfig("low delay", fade_ms=5.0), StreamTimes(0.08, 1.0, 0.0, 0.005)),
        (["--hop-ms", "160"], StreamConfig(hop_ms=40.0, right_ms=0.0), StreamTimes(0.16, 2.0, 0.0, 0.02)),
        (["--preset", "quality"], StreamConfig(hop_ms=40.0, right_ms=0.0), StreamTimes(0.24, 2.0, 0.16, 0.02)),
    ],
)
def test_arguments_go_before_settings_and_these_before_the_card(words, kept, expected):
    assert times(WINDOWED, *words, kept=kept) == expected


def test_voice_without_windows_has_the_hop_of_the_settings():
    assert times(PLAIN) == StreamTimes(0.03)
    assert times(PLAIN, "--hop-ms", "50") == StreamTimes(0.05)


@pytest.mark.parametrize("option", ["--preset", "--left-ms", "--right-ms", "--fade-ms"])
@pytest.mark.parametrize("command", ["run", "bench", "convert"])
def test_voice_without_windows_refuses_them(rtvc, recording, tmp_path, command, option):
    files = [recording, tmp_path / "out.wav"] if command == "convert" else []

    answer = rtvc(command, *files, "--voice", "toy", option, "quality" if option == "--preset" else "5")

    assert answer.code == 1
    assert f"{option} is for voices that hear windows of sound; toy has only --hop-ms" in answer.err.splitlines()[-1]
    assert not (tmp_path / "out.wav").exists()


def test_bench_tells_the_hop_of_the_preset(rtvc, home):
    make_voice(home / "rtvc" / "voices" / "mine", stream=STREAM)

    answer = rtvc("bench", "--voice", "mine", "--preset", "low delay", "--seconds", "0.5", "--json")

    assert json.loads(answer.out)["hop_ms"] == 80.0


def test_unknown_preset_is_one_sentence(rtvc, home):
    make_voice(home / "rtvc" / "voices" / "mine", stream=STREAM)

    answer = rtvc("bench", "--voice", "mine", "--preset", "qality")

    assert answer.sentence == "rtvc: voice mine has no preset 'qality'; did you mean quality?"
