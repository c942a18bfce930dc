from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import soundfile

from rtvc.cli import main
from tests.rtvc.commands.toys import make_speech, make_voice


class Answer(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one line on stderr."""
        assert "Traceback" not in self.err
        assert self.err.count("\n") == 1, self.err
        return self.err.rstrip("\n")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's home with one voice, `toy`, which changes nothing and waits 30 ms."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    gain = {"name": "gain_db", "label": "Gain", "low": -24, "high": 24, "default": 0, "unit": "dB"}
    make_voice(tmp_path / "home" / "rtvc" / "voices" / "toy", params=[gain])
    return tmp_path / "home"


@pytest.fixture
def rtvc(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run the command line and return its exit code and what it said."""

    def run(*words: object) -> Answer:
        capsys.readouterr()
        code = main([str(word) for word in words])
        return Answer(code, *capsys.readouterr())

    return run


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Half a second at 16 kHz."""
    path = tmp_path / "speech.wav"
    soundfile.write(path, make_speech(0.5, 16000), 16000)
    return path
