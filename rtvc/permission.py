"""Whether this user may use the sound that the machine has."""

import os
from pathlib import Path

DEVICES = Path("/dev/snd")
LOCAL = "unix:"


def refusal() -> str:
    """Return in a sentence what this user may not use, empty where nothing is known to be forbidden."""
    socket = server_socket()
    if socket is not None and _is_forbidden(socket):
        return f"this user may not speak to the sound server ({socket}): it is another user's; log in as that one"
    devices = sorted(DEVICES.glob("pcm*"))
    if devices and all(map(_is_forbidden, devices)):
        return f"this user may not use the sound devices in {DEVICES}; add it to the group `audio` and log in again"
    return ""


def server_socket() -> Path | None:
    """Return where the sound server of PulseAudio's kind listens; None where it is not of this machine."""
    named = os.environ.get("PULSE_SERVER", "")
    if named:
        return Path(named.removeprefix(LOCAL)) if named.startswith((LOCAL, "/")) else None
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    return Path(folder) / "pulse" / "native" if folder else None


def _is_forbidden(path: Path) -> bool:
    try:
        path.stat()
    except PermissionError:
        return True
    except OSError:
        return False
    return not os.access(path, os.R_OK | os.W_OK)
