"""From a bare machine to the running program, with nothing but Python's standard library.

    python3 -m rtvc.bootstrap run [ARGUMENTS]     set up, then start `rtvc ARGUMENTS`
    python3 -m rtvc.bootstrap test [ARGUMENTS]    set up, then run all tests: `pytest ARGUMENTS`
    python3 -m rtvc.bootstrap setup               set up, and nothing more

Without arguments `run` opens the window, or plays the demo where there is no display or no microphone.
Setting up means: Debian's packages (as root or through sudo), a private `uv` in `.uv/`, and the locked
environment in `.venv/`. What is already there is left alone, so a second start takes a second and no network.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
UV_VERSION = "0.13.8"
SYNC_ATTEMPTS = 3
SOUND_SERVERS = ("pulseaudio", "pipewire-pulse")
SOUND_PACKAGES = ("pulseaudio-utils", "libasound2-plugins", "libportaudio2")
WINDOW_PACKAGES = (
    *("libglib2.0-0", "libgl1", "libegl1", "libxkbcommon0", "libfontconfig1", "libdbus-1-3"),
    *("libxcb-cursor0", "libxkbcommon-x11-0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0"),
    "libwayland-cursor0",
)
TEST_PACKAGES = ("pulseaudio", "xvfb", "xdotool", "maim", "chromium")
APT_OPTIONS = ("-qq", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=300")


class SetupError(Exception):
    """Something the set-up needs is not to be had, told in one sentence."""


def main(argv: Sequence[str] | None = None) -> int:
    """Set up, then become the program or its tests; returns only when there is nothing to become."""
    parser = argparse.ArgumentParser(
        prog="python3 -m rtvc.bootstrap", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("run", "test", "setup"))
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="handed on to rtvc or to pytest")
    chosen = parser.parse_args(argv)
    try:
        scripts = set_up(for_tests=chosen.command != "run")
        if chosen.command == "run":
            become([str(scripts / "rtvc"), *(chosen.arguments or first_command(scripts / "rtvc", os.environ))])
        if chosen.command == "test":
            os.chdir(ROOT)
            become([str(scripts / "python"), "-m", "pytest", *chosen.arguments])
    except SetupError as error:
        print(f"rtvc.bootstrap: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def set_up(for_tests: bool) -> Path:
    """Make everything ready and return the folder of the environment's commands."""
    if shutil.which("apt-get") and shutil.which("dpkg-query"):
        provide_system_packages(missing_packages(installed_packages(), for_tests), required=for_tests)
    else:
        wanted = ", ".join(missing_packages((), for_tests))
        say(f"No apt-get here: what Debian calls {wanted} has to be there already.")
    sync(private_uv())
    return ROOT / os.environ.get("UV_PROJECT_ENVIRONMENT", ".venv") / "bin"


def missing_packages(installed: Collection[str], for_tests: bool) -> list[str]:
    """Name the Debian packages that are wanted and not installed.

    A sound server that is already there is kept: installing PulseAudio beside PipeWire may remove parts of it.
    """
    wanted = [*SOUND_PACKAGES, *WINDOW_PACKAGES]
    if for_tests:
        wanted += TEST_PACKAGES
    elif not any(server in installed for server in SOUND_SERVERS):
        wanted.append(SOUND_SERVERS[0])
    if importlib.util.find_spec("ensurepip") is None:
        wanted.append("python3-venv")
    return [name for name in wanted if name not in installed]


def installed_packages() -> set[str]:
    """Return the names of all installed Debian packages and of what they provide."""
    line = r"${db:Status-Status},${Package},${Provides}\n"
    answer = subprocess.run(["dpkg-query", "-W", "-f", line], capture_output=True, text=True, check=True).stdout
    rows = [row.split(",") for row in answer.splitlines() if row.startswith("installed,")]
    return {name.split()[0] for _, *names in rows for name in names if name.strip()}


def provide_system_packages(missing: Sequence[str], required: bool) -> None:
    """Install the missing Debian packages; where that is not allowed say which, and fail if they are `required`."""
    if not missing:
        say("System packages: all there.")
        return
    rights = root_rights(os.geteuid(), sys.stdin is not None and sys.stdin.isatty())
    if rights is None:
        advice = f"these Debian packages are missing: sudo apt-get install {' '.join(missing)}"
        if required:
            raise SetupError(advice)
        say(f"Going on, though {advice}")
        return
    say(f"System packages: installing {' '.join(missing)}")
    apt_get = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *APT_OPTIONS]
    subprocess.run([*apt_get, "update"], capture_output=True, check=False)
    install = [*apt_get, "install", "--yes", "--no-install-recommends", "--no-remove", *missing]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        told = [line for line in done.stderr.splitlines() if line.startswith("E:")] or done.stderr.splitlines()
        raise SetupError(f"apt-get could not install {' '.join(missing)}: {' '.join(told[-2:]) or 'no reason given'}")


def root_rights(user: int, terminal: bool) -> list[str] | None:
    """Return what to put before a command that needs root, or None if this user cannot become root.

    Without a terminal nobody can type a password, so sudo counts only where it asks for none.
    """
    if user == 0:
        return []
    if not shutil.which("sudo"):
        return None
    asks_nothing = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo"] if terminal or asks_nothing else None


def private_uv() -> Path:
    """Return uv of the wanted version, installed by pip into a small environment of its own."""
    folder = ROOT / ".uv"
    uv = folder / "bin" / "uv"
    if uv.exists():
        answer = subprocess.run([str(uv), "--version"], capture_output=True, text=True, check=False)
        if answer.stdout.split()[1:2] == [UV_VERSION]:
            return uv
    say(f"uv {UV_VERSION}: installing into {folder}")
    call([sys.executable, "-m", "venv", "--clear", str(folder)], "Python cannot make an environment for uv")
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    call([*pip, f"uv=={UV_VERSION}"], f"pip could not install uv {UV_VERSION}")
    return uv


def sync(uv: Path) -> None:
    """Bring `.venv` to what `uv.lock` says, extras kept; a broken download is taken up again."""
    say("Python packages: as in uv.lock (the first time about 3 GB are downloaded, most of it PyTorch)")
    command = [str(uv), "sync", "--locked", "--inexact"]
    for attempt in range(1, SYNC_ATTEMPTS + 1):
        done = subprocess.run(command, cwd=ROOT, env=uv_environment(os.environ), check=False)
        if done.returncode == 0:
            return
        if attempt < SYNC_ATTEMPTS:
            say(f"Python packages: attempt {attempt} of {SYNC_ATTEMPTS} failed, trying again")
            time.sleep(5 * attempt)
    raise SetupError("uv could not install the packages of uv.lock; the reason is above.")


def uv_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for uv: patient with slow lines and trusting the certificates that pip trusts."""
    changed = {"UV_HTTP_TIMEOUT": "300", **environ}
    changed.pop("VIRTUAL_ENV", None)
    if "PIP_CERT" in environ:
        changed.setdefault("SSL_CERT_FILE", environ["PIP_CERT"])
    return changed


def first_command(rtvc: Path, environ: Mapping[str, str]) -> list[str]:
    """Return the arguments for `rtvc` where the user gave none: the window, or the demo with a word on why."""
    lacking = [] if has_display(environ) else ["display"]
    if not has_microphone(rtvc):
        lacking.append("microphone")
    if not lacking:
        return []
    say(f"There is no {' and no '.join(lacking)} here, so this runs `rtvc demo` in place of the window.")
    return ["demo"]


def has_display(environ: Mapping[str, str]) -> bool:
    """Tell whether a window can be opened."""
    return sys.platform == "darwin" or any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def has_microphone(rtvc: Path) -> bool:
    """Ask the program whether there is an input that is not just the echo of an output."""
    answer = subprocess.run([str(rtvc), "devices", "--json"], capture_output=True, text=True, check=False)
    if answer.returncode:
        return False
    return any(device["is_input"] and not device["is_monitor"] for device in json.loads(answer.stdout))


def become(command: Sequence[str]) -> NoReturn:
    """Replace this process by another, which keeps its terminal, its signals and its exit code."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(command[0], list(command))


def call(command: Sequence[str], failure: str) -> None:
    """Run a command, its output shown; a failure is told in one sentence."""
    try:
        subprocess.run(command, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupError(f"{failure}: {error}") from error


def say(line: str) -> None:
    """Print one line of progress, apart from the program's own output."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
