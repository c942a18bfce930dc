"""From settings to what a session is to do."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from rtvc.config import Config, StreamConfig
from rtvc.devices import find, list_devices, recording_of
from rtvc.errors import AudioFileError, DeviceError, RtvcError
from rtvc.library import Voice
from rtvc.params import chosen_values
from rtvc.presets import StreamTimes, in_seconds, look_ahead_of, read_presets
from ui.delay_parts import expected_delay
from ui.voice_facts import controls_of

if TYPE_CHECKING:
    from rtvc.session import SessionOptions

TALKER = "talker_hz"
TALKER_RANGE = (40.0, 600.0)  # Hz, as in the settings


def session_options(config: Config, voice: Voice, recordings: Path | None = None) -> SessionOptions:
    """Return the options of a run with a voice; asks the sound server for its default microphone, so it may wait.

    `recordings` is the folder for what is heard and played, None where nothing is recorded.
    Whether the devices are there is the session's to find out, and to wait for.
    Raises AudioFileError where the folder of the recordings cannot be made.
    """
    from rtvc.plan import DEFAULT
    from rtvc.session import SessionOptions  # here, for it loads much that a window can be shown without

    audio, engine = config.audio, config.engine
    source = audio.input or _default_microphone()
    played, heard = recording_paths(recordings)
    talker = config.talkers.get(source) if source is not None else None
    return SessionOptions(
        voice=voice,
        input=recording_of(source) or source,
        output=audio.output or DEFAULT,
        monitor=audio.monitor,
        record=played,
        record_input=heard,
        **vars(stream_times(config, voice)),
        margin=engine.margin_ms / 1000,
        block=audio.block_ms / 1000,
        values=control_values(config, voice) | ({TALKER: talker} if talker else {}),
        device=engine.device,
        threads=engine.threads,
        total=audio.total_ms / 1000 if audio.total_ms is not None else None,
        holds_strictly=False,
        repeats=audio.repeat,
        waits=True,
    )


def microphone_of(config: Config) -> str | None:
    """Return the chosen microphone, None for the default one, as where a recording takes its place."""
    name = config.audio.input
    return None if recording_of(name) else name


def recording_paths(folder: Path | None) -> tuple[Path | None, Path | None]:
    """Return new files of this moment for what is played and what is heard, in a folder that is made for them.

    Raises AudioFileError where it cannot be made; without a folder there are none.
    """
    if folder is None:
        return None, None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AudioFileError(f"{folder}: the folder cannot be made ({error.strerror})") from error
    now = time.strftime("%Y-%m-%d %H.%M.%S")
    return folder / f"{now} voice.flac", folder / f"{now} microphone.flac"


def _default_microphone() -> str | None:
    """Return the default microphone's name, for what is known of it; None where there is none yet."""
    try:
        return find(None, "input", list_devices()).name
    except DeviceError:
        return None


def control_values(config: Config, voice: Voice) -> dict[str, float]:
    """Return a value for each control of a voice."""
    return chosen_values(controls_of(voice), config.voice.params.get(voice.name, {}))


def stream_times(config: Config, voice: Voice | None) -> StreamTimes:
    """Return how a voice is to be streamed; of a voice without presets only the hop counts."""
    times, _ = chosen_windows(config, voice)
    return in_seconds(times) if times else StreamTimes(hop=config.engine.hop_ms / 1000)


def expected_parts(config: Config, voice: Voice | None) -> dict[str, float]:
    """Return what is known of a voice's delay before a session has measured it; all in seconds."""
    times = stream_times(config, voice)
    future = times.right or 0.0
    held = times.fade if times.fade > future else 0.0  # a seam that no future covers
    ahead = (look_ahead_of(voice) if voice else 0.0) + future + held
    return expected_delay(times.hop, config.engine.margin_ms / 1000, config.audio.block_ms / 1000, ahead)


def chosen_windows(config: Config, voice: Voice | None) -> tuple[dict[str, float], str]:
    """Return the milliseconds of a voice with presets, none for another one, and what is wrong with the settings.

    Where they name a preset that there is not, the voice's default one takes its place.
    """
    presets = read_presets(voice) if voice else None
    if voice is None or presets is None:
        return {}, ""
    kept = config.voice.streams.get(voice.name, StreamConfig())
    try:
        return presets.chosen(kept.preset, kept.own), ""
    except RtvcError as error:
        return presets.chosen(None, kept.own), f"voice {voice.name} has {error}"
