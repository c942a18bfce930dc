"""From settings to what a session is to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rtvc.config import Config
from rtvc.devices import find, list_devices
from rtvc.library import Voice
from rtvc.params import chosen_values
from ui.voice_facts import controls_of

if TYPE_CHECKING:
    from rtvc.session import SessionOptions

TALKER = "talker_hz"
TALKER_RANGE = (40.0, 600.0)  # Hz, as in the settings


def session_options(config: Config, voice: Voice) -> SessionOptions:
    """Return the options of a run with a voice; asks the sound server for its default devices, so it may wait.

    A device that is chosen by name is taken as it is: whether it is there is the session's to find out.
    Raises RtvcError where no device is chosen and there is none.
    """
    from rtvc.session import SessionOptions  # here, for it loads much that a window can be shown without

    audio, engine = config.audio, config.engine
    devices = list_devices() if audio.input is None or audio.output is None else ()
    source = audio.input or find(None, "input", devices).name
    talker = config.talkers.get(source)
    return SessionOptions(
        voice=voice,
        input=source,
        output=audio.output or find(None, "output", devices).name,
        monitor=audio.monitor,
        hop=engine.hop_ms / 1000,
        margin=engine.margin_ms / 1000,
        block=audio.block_ms / 1000,
        values=chosen_values(controls_of(voice), config.voice.params.get(voice.name, {}))
        | ({TALKER: talker} if talker else {}),
        device=engine.device,
        threads=engine.threads,
    )
