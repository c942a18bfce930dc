"""Which words start the window, and which system keeps them where."""

import subprocess
import sys
from pathlib import Path

import pytest

from rtvc.autostart.desktop_file import DesktopFile
from rtvc.autostart.entry import autostart_entry, start_command
from rtvc.autostart.launch_agent import LaunchAgent
from rtvc.config import default_path


def test_command_opens_the_window_from_any_folder(tmp_path: Path) -> None:
    command = start_command(default_path())

    run = subprocess.run([*command, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)

    assert command[0] == sys.executable and "--config" not in command
    assert run.stdout.startswith("rtvc ")


def test_other_settings_are_named_by_their_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert start_command(Path("try.yaml"))[-2:] == ["--config", str(tmp_path / "try.yaml")]


@pytest.mark.parametrize(
    ("platform", "kind"), [("linux", DesktopFile), ("freebsd14", DesktopFile), ("darwin", LaunchAgent)]
)
def test_each_system_has_its_own_record(platform: str, kind: type, tmp_path: Path) -> None:
    assert isinstance(autostart_entry(tmp_path / "config.yaml", platform), kind)
