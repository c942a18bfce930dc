import sys

import pytest

from rtvc.errands.errand import Errand
from rtvc.errands.voices import import_file
from rtvc.errors import RtvcError
from rtvc.own_voices import OwnVoices
from tests.checkpoint_files import write_voice


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return OwnVoices(tmp_path / "home" / "voices", tmp_path / "shipped")


class Told:
    def __init__(self):
        self.words = []

    def reach_or_end(self, words, part):
        self.words.append(words)


@pytest.mark.skipif(sys.platform != "linux", reason="the data folder is elsewhere")
def test_checkpoint_becomes_a_voice(tmp_path, own):
    told = Told()

    name, doubts, needs = import_file(told, own, write_voice(tmp_path / "anna_e8_s144.pth", "v1"), ())

    assert (name, doubts) == ("anna", ())
    assert [voice.name for voice in own.library.list()] == ["anna"]
    assert any("recording of 3 to 10 s" in need for need in needs)
    assert "writing" in told.words


def test_file_that_is_no_voice_is_refused_in_its_own_words(tmp_path, own):
    path = tmp_path / "notes.pth"
    path.write_text("hello")

    with pytest.raises(RtvcError, match=r"notes\.pth"):
        Errand("rtvc.errands.voices:import_file", own, path, ()).follow(print)
