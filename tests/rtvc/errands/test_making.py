import sys

import numpy as np
import pytest
import soundfile

from rtvc.demo import RECORDING
from rtvc.errands.making import CHECKED, check, make
from rtvc.errors import VoiceError
from rtvc.making.home import Making, Wish, begun_wishes, making_of
from rtvc.own_voices import OwnVoices
from rtvc.voice_making import Paused

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the data folder is elsewhere")


class Listening:
    """A line that notes what it is told, and is cancelled at the first word of training."""

    def __init__(self):
        self.told, self.is_over = [], False

    def reach(self, words, part):
        self.told.append((words, part))
        self.is_over = words.startswith("hearing what is said")

    reach_or_end = reach

    def is_cancelled(self):
        return self.is_over


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


def test_recordings_are_judged_and_what_was_prepared_is_used(home):
    samples = np.pad(soundfile.read(RECORDING, dtype="float32")[0], (8000, 8000))
    soundfile.write(home / "one.flac", np.tile(samples, 4), 16000)
    line, own = Listening(), OwnVoices(home / "voices", home / "shipped")

    judged = check(line, (home / "one.flac",))

    assert dict(judged.figures)["Recordings"] == "1, 0.8 min, 16 kHz"
    assert judged.expectation and any("seconds" in one or " s of speech" in one for one in judged.warnings)
    assert 0.7 < max(part for _, part in line.told) <= 1.0

    with pytest.raises(Paused):
        make(line, own, Wish("anna", "anna", "Anna, who agreed", (str(home / "one.flac"),), 0.05))
    assert not any(words.startswith("reading") for words, _ in line.told[-3:])
    assert making_of("anna").prepared.is_dir() and not making_of(CHECKED).folder.exists()
    assert [wish.name for wish in begun_wishes()] == ["anna"]


def test_taken_name_is_refused_before_anything_is_done(home):
    own = OwnVoices(home / "voices", home / "shipped")
    (home / "voices" / "anna").mkdir(parents=True)

    with pytest.raises(VoiceError, match="there is a voice anna already"):
        make(Listening(), own, Wish("anna", "anna", "mine", ()))
    assert begun_wishes() == ()


def test_damaged_voices_in_the_making_are_left_out(home):
    making_of("anna").begin(Wish("anna", "anna", "mine", ()))
    Making(making_of("b").folder).folder.mkdir()
    (making_of("b").folder / "wish.json").write_text("{")

    assert [wish.name for wish in begun_wishes()] == ["anna"]
