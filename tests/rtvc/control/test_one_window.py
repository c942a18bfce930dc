"""Who may be the window of a settings file, decided between real processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rtvc.control.client import ask
from rtvc.control.one_window import ACTIONS, OneWindow
from rtvc.control.server import ControlServer
from rtvc.errors import ControlError
from tests.rtvc.control.test_server import Target

ROOT = Path(__file__).resolve().parents[3]
HOLD = """
import sys, time
from pathlib import Path
from rtvc.control.one_window import OneWindow
print(OneWindow(Path(sys.argv[1]), Path(sys.argv[2])).claim(), flush=True)
time.sleep(600)
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.yaml"


def test_one_that_comes_later_shows_the_first_ones_window(config: Path, tmp_path: Path) -> None:
    first, target = OneWindow(config, tmp_path / "run"), Target()
    assert first.claim()

    with ControlServer(target, first.place, ACTIONS):
        assert not OneWindow(config, tmp_path / "run").claim()

    assert target.asked == [("show",)]
    first.close()
    assert OneWindow(config, tmp_path / "run").claim()


def test_other_settings_are_another_window(config: Path, tmp_path: Path) -> None:
    first, other = OneWindow(config, tmp_path / "run"), OneWindow(tmp_path / "other.yaml", tmp_path / "run")

    assert first.claim() and other.claim()

    assert not OneWindow(config.parent / "." / config.name, tmp_path / "run")._lock.take()


@pytest.mark.parametrize("request_", [{"do": "mute"}, {"do": "quit"}, {"do": "status"}])
def test_nothing_else_can_be_asked_of_a_window_that_is_not_to_be_driven(config, tmp_path, request_) -> None:
    first, target = OneWindow(config, tmp_path / "run"), Target()

    with (
        ControlServer(target, first.place, ACTIONS),
        pytest.raises(ControlError, match=r"show only; control\.enabled opens"),
    ):
        ask(request_, first.place)

    assert target.asked == []


def test_first_that_was_killed_is_not_in_the_way(config: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(config), str(tmp_path / "run")],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None and holder.stdout.readline() == "True\n"
        with pytest.raises(ControlError, match=r"open already and does not answer .*; end it first"):
            OneWindow(config, tmp_path / "run").claim(patience=0.0)

        holder.send_signal(signal.SIGKILL)

    assert OneWindow(config, tmp_path / "run").claim()


def test_path_too_long_for_a_socket_is_no_hindrance(config: Path, tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    first, target = OneWindow(config, folder), Target()
    assert first.claim()

    with ControlServer(target, first.place, ACTIONS):
        assert not OneWindow(config, folder).claim()

    assert target.asked == [("show",)]


def test_folder_that_cannot_be_made_keeps_nobody_from_a_window(config: Path, tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file")

    assert OneWindow(config, tmp_path / "run").claim()
