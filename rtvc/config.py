"""The user's settings: what there is, its defaults and ranges, and the file it lives in."""

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import platformdirs

from rtvc.errors import ConfigError
from rtvc.presets import LIMITS
from rtvc.settings import read_settings, section, setting, write_settings

VERSION = 1


@dataclass(frozen=True)
class AudioConfig:
    """Which devices are wanted, by the exact names that `rtvc devices` shows."""

    input: str | None = setting(
        None,
        "Microphone, by its name in `rtvc devices`, or the whole path of a recording to play in its place; "
        "null takes the system's default.",
    )
    output: str | None = setting(None, "Where the new voice is played; null takes the system's default.")
    monitor: str | None = setting(None, "A second output, to hear yourself; null is off.")
    repeat: bool = setting(True, "Whether a recording in the microphone's place begins again when it is over.")
    total_ms: float | None = setting(
        None,
        "The whole delay to hold, in milliseconds (50 to 2000), for pictures; null is the least.",
        50,
        2000,
    )
    block_ms: float = setting(10.0, "Length of the devices' blocks in milliseconds (2 to 100).", 2, 100)


@dataclass(frozen=True)
class EngineConfig:
    """How the voice is computed."""

    device: Literal["auto", "cpu", "cuda"] = setting(
        "auto", "What computes: auto (a graphics card if there is a usable one), cpu or cuda."
    )
    threads: int = setting(1, "Processor threads of the engine (1 to 64); small voices run best with 1.", 1, 64)
    hop_ms: float = setting(
        20.0, "Milliseconds converted at a time (10 to 1000): shorter is less delay and more load.", 10, 1000
    )
    margin_ms: float = setting(
        30.0, "Milliseconds kept in reserve for a busy machine (0 to 500): more is safer and later.", 0, 500
    )


@dataclass(frozen=True)
class StreamConfig:
    """How a voice with presets is streamed; what is null is as the preset says."""

    preset: str | None = setting(None, "One of the presets of the voice's card; null is the one it begins with.")
    hop_ms: float | None = setting(None, "Milliseconds converted at a time.", *LIMITS["hop_ms"])
    left_ms: float | None = setting(None, "Milliseconds of the past that the voice hears.", *LIMITS["left_ms"])
    right_ms: float | None = setting(None, "Milliseconds of the future that the voice waits for.", *LIMITS["right_ms"])
    fade_ms: float | None = setting(None, "Milliseconds of the seam between two windows.", *LIMITS["fade_ms"])

    @property
    def own(self) -> dict[str, float]:
        """The milliseconds that are set, by name."""
        found = {name: getattr(self, name) for name in LIMITS}
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True)
class VoiceConfig:
    """Which voice is wanted, and how each voice is set."""

    name: str = setting("slt", "The voice, by its name in `rtvc voices`.")
    params: dict[str, dict[str, float]] = setting(
        {}, "Controls that differ from their defaults, by voice: {slt: {gate_db: -50}}."
    )
    streams: dict[str, StreamConfig] = setting(
        {},
        "Latency by voice: {NAME: {preset: quality}}, or any of hop_ms, left_ms, right_ms and fade_ms.",
    )


@dataclass(frozen=True)
class ControlConfig:
    """How other programs may drive this one."""

    enabled: bool = setting(
        False, "Whether `rtvc ctl` and other programs of yours may drive a running rtvc, over a local socket."
    )


@dataclass(frozen=True)
class HotkeysConfig:
    """Which keys drive the program while another one has the keyboard."""

    enabled: bool = setting(False, "Whether these keys work everywhere, where the desktop allows it.")
    keys: dict[str, str] = setting(
        {"start": "Ctrl+Shift+F9", "mute": "Ctrl+Shift+F10", "pass_through": "Ctrl+Shift+F11"},
        "Keys by action: start, mute, pass_through, push_to_talk (while held) and voice_1 to voice_9.",
    )


@dataclass(frozen=True)
class WindowConfig:
    """How the window looks and where it was left."""

    appearance: Literal["system", "light", "dark"] = setting(
        "system", "Colours of the window: system (as the desktop), light or dark."
    )
    width: int = setting(0, "Width in pixels; 0 lets the window choose.", 0, 100000)
    height: int = setting(0, "Height in pixels; 0 lets the window choose.", 0, 100000)
    minimised: bool = setting(False, "Whether the window starts minimised, or beside the clock where there is a place.")
    language: Literal["system", "en", "zh"] = setting(
        "system", "Language of the window, from its next start on: system (as the desktop), en or zh (Chinese)."
    )


@dataclass(frozen=True)
class Config:
    """Every setting of the program; the only place that knows a default."""

    version: int = setting(VERSION, "Version of this file's layout; leave it as it is.")
    audio: AudioConfig = section(AudioConfig, "Sound devices.")
    engine: EngineConfig = section(EngineConfig, "Speed against delay.")
    voice: VoiceConfig = section(VoiceConfig, "The voice and its controls.")
    talkers: dict[str, float] = setting(
        {}, "Pitch of the talker at each input device in Hz, learned by the program (40 to 600).", 40, 600
    )
    control: ControlConfig = section(ControlConfig, "Other programs, a Stream Deck for one.")
    hotkeys: HotkeysConfig = section(HotkeysConfig, "Keys that work while another program is in front.")
    window: WindowConfig = section(WindowConfig, "The window, written by the program.")


def default_path() -> Path:
    """Return where the user's settings live when no `--config` says otherwise."""
    return Path(platformdirs.user_config_dir("rtvc", appauthor=False)) / "config.yaml"


def load(path: Path) -> Config:
    """Return the settings of a file, or the defaults where there is no file.

    Raises ConfigError with file, line and key; the file itself is never touched.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Config()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: this is no text in UTF-8 (byte {error.start})") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    config = read_settings(Config, text, str(path))
    if config.version != VERSION:
        raise ConfigError(
            f"{path}: the file has version {config.version} and this program knows version {VERSION}; "
            "move the file away to start from the defaults, or use the program that wrote it"
        )
    return config


def save(config: Config, path: Path) -> None:
    """Write the settings in one step; a file written by hand is kept beside it as `<name>.bak`.

    Writes nothing where the file says the same already. Raises ConfigError where the folder cannot
    be written, or where the file there is one that `load` refuses: it is the user's, and stays.
    """
    target = path.resolve()  # a linked file stays a link
    before = load(target) if target.exists() else None
    if before == config:
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if before is not None:
            _back_up(target, before)
        _replace(target, write_settings(config))
    except OSError as error:
        raise ConfigError(f"{path}: settings cannot be saved ({error.strerror})") from error


def update(path: Path, change: Callable[[Config], Config]) -> Config:
    """Read the file, change it, write it, and return what is there now; raises as `load` and `save`."""
    config = change(load(path))
    save(config, path)
    return config


def _back_up(target: Path, before: Config) -> None:
    backup = target.with_name(target.name + ".bak")
    written_by_hand = target.read_text(encoding="utf-8") != write_settings(before)
    if written_by_hand or not backup.exists():
        shutil.copy2(target, backup)


def _replace(target: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    written = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        written.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        written.replace(target)
    except OSError:
        written.unlink(missing_ok=True)
        raise
