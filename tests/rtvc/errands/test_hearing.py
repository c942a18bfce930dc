import numpy as np
import pytest
import soundfile

from rtvc.errands.errand import Errand
from rtvc.errands.hearing import SENTENCE_S, Playing
from rtvc.library import read_voice
from rtvc.presets import StreamTimes
from tests.pulse_server import missing_programs, pulse_server, wait_until
from tests.rtvc.commands.toys import make_voice


def test_samples_are_played_once_and_silence_follows():
    samples = np.linspace(0.1, 0.9, 25, dtype=np.float32)
    playing, heard = Playing(samples), []

    for _ in range(3):
        block = np.ones(10, np.float32)
        playing.fill(block, 0.0, False)
        heard.append(block)

    np.testing.assert_array_equal(np.concatenate(heard), np.pad(samples, (0, 5)))
    assert playing.part == 1.0


def test_stopped_playing_fades_and_is_over():
    playing, block = Playing(np.ones(100, np.float32)), np.ones(10, np.float32)
    playing.fade()

    playing.fill(block, 0.0, False)

    assert block[0] == 1.0 and block[-1] == 0.0
    assert playing.part == 1.0


@pytest.mark.skipif(bool(missing_programs()), reason=f"no {', '.join(missing_programs())} on this machine")
def test_voice_is_heard_on_the_output_and_kept_for_the_next_time(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    make_voice(tmp_path / "voices" / "echo", input_rate=16000, output_rate=16000)
    voice = read_voice(tmp_path / "voices" / "echo")
    with pulse_server(tmp_path / "pulse") as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        heard = server.record()
        errand, words = Errand("rtvc.errands.hearing:hear_voice", voice, {}, StreamTimes(), "rtvc_out"), []

        errand.follow(lambda message: words.append(message[1]))

        wait_until(lambda: np.abs(heard.samples).max(initial=0) > 0.05, 20, "the sentence is heard")
        heard.stop()
    assert words[0] == "preparing" and words[-1] == "playing"
    kept = list((tmp_path / "cache" / "rtvc" / "previews").iterdir())
    assert len(kept) == 1
    assert abs(soundfile.info(kept[0]).duration - SENTENCE_S) < 0.01
