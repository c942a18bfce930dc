"""What is missing is told with how to get it."""

import subprocess
import sys

import pytest

from rtvc.errors import RtvcError
from rtvc.extras import EXTRAS, NEEDED, TRAINING, check_installed, how_to_get

RUN = "import sys; sys.modules.update(torch=None); from rtvc.cli import main; sys.exit(main(sys.argv[1:]))"


@pytest.mark.parametrize(
    ("package", "extra"), [("torch", "sovits"), ("parselmouth", "train"), ("matplotlib", "evaluate")]
)
def test_package_of_an_extra_is_told_with_its_extra(package: str, extra: str) -> None:
    sentence = how_to_get(ModuleNotFoundError(name=f"{package}.inner"))

    assert sentence is not None and sentence.endswith(f'pip install "rtvc[{extra}]"')


def test_all_that_training_needs_is_told_at_once(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "soxr", None)
    with pytest.raises(RtvcError, match=r'soxr, which is not installed: pip install "rtvc\[train\]"'):
        check_installed(TRAINING)
    monkeypatch.setitem(sys.modules, "torch", None)

    with pytest.raises(RtvcError, match=r'PyTorch, which is not installed: pip install "rtvc\[train\]"'):
        check_installed(TRAINING)


def test_any_other_package_is_none_of_the_extras() -> None:
    assert how_to_get(ModuleNotFoundError(name="numpyy")) is None
    assert how_to_get(ModuleNotFoundError("no name")) is None


def test_extras_are_those_of_the_project() -> None:
    import tomllib
    from pathlib import Path

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert {*NEEDED, *(extra for _, extra in EXTRAS.values())} <= set(project["optional-dependencies"])
    assert not any(one.startswith(("torch", "onnx>")) for one in project["dependencies"])


@pytest.mark.parametrize("words", [["voices", "blend", "mine", "slt", "bdl"], ["voices", "calibrate", "slt"]])
def test_command_that_needs_pytorch_says_so(words: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", RUN, *words], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr == 'rtvc: this needs PyTorch, which is not installed: pip install "rtvc[sovits]"\n'


def test_recording_is_converted_without_pytorch(tmp_path) -> None:
    from rtvc.demo import RECORDING

    words = ["convert", str(RECORDING), str(tmp_path / "out.wav"), "--voice", "slt"]
    done = subprocess.run([sys.executable, "-c", RUN, *words], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out.wav").stat().st_size > 300_000
