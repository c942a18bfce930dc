"""The set-up is run for real, with small scripts in place of apt-get, uv and the program."""

import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from rtvc import bootstrap

PRESENT = {*bootstrap.SOUND_PACKAGES, *bootstrap.WINDOW_PACKAGES, *bootstrap.TEST_PACKAGES, "python3-venv"}


@dataclass(frozen=True)
class Machine:
    """A folder with a copy of the bootstrap, fake commands first on the PATH and a log of what they were told."""

    folder: Path

    def command(self, path: str, script: str) -> None:
        """Put a shell script at `path`; what it is called with goes to the log."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        logged = f"printf '%s\\n' \"{file.name} $*\" >> '{self.folder}/log'"
        file.write_text(f"#!/bin/sh\n{logged}\n{script}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)

    def bootstrap(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run the copied bootstrap as a user would."""
        kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
        kept.pop("UV_PROJECT_ENVIRONMENT", None)
        path = f"{self.folder}/commands:{os.environ['PATH']}"
        return subprocess.run(
            [sys.executable, "-m", "rtvc.bootstrap", *arguments],
            cwd=self.folder,
            env={**kept, "PATH": path, **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def log(self) -> list[str]:
        """The commands that were run, in order."""
        return (self.folder / "log").read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine where everything is installed and nothing has a microphone."""
    made = Machine(tmp_path)
    (tmp_path / "rtvc").mkdir()
    for name in ("__init__.py", "bootstrap.py"):
        shutil.copy(bootstrap.ROOT / "rtvc" / name, tmp_path / "rtvc" / name)
    listing = "\\n".join(f"installed,{name}," for name in sorted(PRESENT))
    made.command("commands/dpkg-query", f"printf '{listing}\\n'")
    made.command("commands/apt-get", "")
    made.command(".uv/bin/uv", f'[ "$1" = --version ] && echo "uv {bootstrap.UV_VERSION}"; exit 0')
    made.command(".venv/bin/rtvc", '[ "$1" = devices ] && echo "[]"; exit 7')
    made.command(".venv/bin/python", "echo '1 failed'; exit 3")
    return made


def test_second_start_installs_nothing(machine: Machine) -> None:
    done = machine.bootstrap("setup")

    assert done.returncode == 0
    assert [line.split()[0] for line in machine.log] == ["dpkg-query", "uv", "uv"]
    assert machine.log[-1] == "uv sync --locked --inexact"


def test_arguments_and_exit_code_are_those_of_the_program(machine: Machine) -> None:
    done = machine.bootstrap("run", "convert", "--voice", "slt", "a b.wav", "out.wav")

    assert machine.log[-1] == "rtvc convert --voice slt a b.wav out.wav"
    assert done.returncode == 7
    assert done.stdout == ""


def test_without_display_and_microphone_the_demo_runs_and_the_reason_is_told(machine: Machine) -> None:
    done = machine.bootstrap("run")

    assert machine.log[-1] == "rtvc demo"
    assert "There is no display and no microphone here" in done.stderr


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        ('[{"is_input": true, "is_monitor": false}]', "rtvc "),
        ('[{"is_input": true, "is_monitor": true}, {"is_input": false, "is_monitor": false}]', "rtvc demo"),
    ],
)
def test_window_opens_only_where_there_is_a_microphone(machine: Machine, devices: str, expected: str) -> None:
    machine.command(".venv/bin/rtvc", f"echo '{devices}'")

    machine.bootstrap("run", DISPLAY=":1")

    assert machine.log[-1] == expected


def test_tests_end_with_the_output_and_exit_code_of_pytest(machine: Machine) -> None:
    done = machine.bootstrap("test", "-k", "ring")

    assert machine.log[-1] == "python -m pytest -k ring"
    assert done.stdout == "1 failed\n"
    assert done.returncode == 3


@pytest.mark.skipif(os.geteuid() != 0, reason="installing is root's")
def test_root_installs_exactly_what_is_missing(machine: Machine) -> None:
    present = "\\n".join(f"installed,{name}," for name in sorted(PRESENT - {"xvfb", "libegl1"}))
    machine.command("commands/dpkg-query", f"printf '{present}\\n'")

    machine.bootstrap("setup")

    update, install = (line for line in machine.log if line.startswith("apt-get"))
    assert update.endswith(" update")
    assert install.endswith(" install --yes --no-install-recommends --no-remove libegl1 xvfb")


@pytest.mark.skipif(os.geteuid() != 0, reason="installing is root's")
def test_failed_installation_is_one_sentence_with_the_reason(machine: Machine) -> None:
    machine.command("commands/dpkg-query", "")
    machine.command("commands/apt-get", 'echo "E: Unable to locate package maim" >&2; exit 100')

    done = machine.bootstrap("test")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("rtvc.bootstrap: apt-get could not install ")
    assert done.stderr.splitlines()[-1].endswith("E: Unable to locate package maim")


def test_damaged_uv_is_installed_anew(machine: Machine) -> None:
    machine.command(".uv/bin/uv", "exit 1")

    done = machine.bootstrap("setup", PIP_NO_INDEX="1", PIP_FIND_LINKS=str(machine.folder), PIP_CONFIG_FILE=os.devnull)

    assert f"uv {bootstrap.UV_VERSION}: installing" in done.stderr
    assert f"pip could not install uv {bootstrap.UV_VERSION}" in done.stderr.splitlines()[-1]
    assert done.returncode == 1


def test_user_without_root_rights_is_told_the_missing_packages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "root_rights", lambda user, terminal: None)

    bootstrap.provide_system_packages(["xvfb", "maim"], required=False)

    assert "sudo apt-get install xvfb maim" in capsys.readouterr().err
    with pytest.raises(bootstrap.SetupError, match="sudo apt-get install xvfb maim"):
        bootstrap.provide_system_packages(["xvfb", "maim"], required=True)


@pytest.mark.parametrize(
    ("sudo", "terminal", "expected"),
    [(None, True, None), ("exit 0", False, ["sudo"]), ("exit 1", False, None), ("exit 1", True, ["sudo"])],
)
def test_sudo_counts_where_it_can_ask_or_need_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sudo: str | None, terminal: bool, expected: list[str] | None
) -> None:
    if sudo:
        Machine(tmp_path).command("commands/sudo", sudo)
    monkeypatch.setenv("PATH", f"{tmp_path}/commands")

    rights = bootstrap.root_rights(1000, terminal)

    assert rights == expected


@pytest.mark.parametrize(("for_tests", "expected"), [(False, []), (True, ["pulseaudio"])])
def test_sound_server_in_use_is_left_alone(for_tests: bool, expected: list[str]) -> None:
    installed = PRESENT - {"pulseaudio"} | {"pipewire-pulse"}

    assert bootstrap.missing_packages(installed, for_tests) == expected


def test_certificates_of_pip_are_those_of_uv() -> None:
    environ = bootstrap.uv_environment({"PIP_CERT": "/ours.crt", "UV_HTTP_TIMEOUT": "5", "VIRTUAL_ENV": "/elsewhere"})

    assert environ == {"PIP_CERT": "/ours.crt", "SSL_CERT_FILE": "/ours.crt", "UV_HTTP_TIMEOUT": "5"}


def test_importing_needs_only_the_standard_library() -> None:
    code = "import sys, rtvc.bootstrap; print(*{name.partition('.')[0] for name in sys.modules})"

    names = subprocess.check_output([sys.executable, "-S", "-c", code], cwd=bootstrap.ROOT, text=True).split()

    assert set(names) - sys.stdlib_module_names <= {"rtvc", "__main__"}
