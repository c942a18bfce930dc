"""What a new voice starts with: the networks of a shipped voice, the nearest in pitch."""

import math
from dataclasses import replace
from typing import NamedTuple

from models.live_networks import LiveNetworks, read_networks
from models.source_filter import Generator
from rtvc.errors import VoiceError
from rtvc.library import Library, Voice, shipped_folder
from rtvc.making.home import NOTHING
from rtvc.training.views import Frozen
from rtvc.training.widening import at_rate


class Start(NamedTuple):
    """A shipped voice's name, the networks that stay as they are, its generator and its look-ahead in frames."""

    name: str
    frozen: Frozen
    generator: Generator
    look_ahead: int


def nearest_voice(hertz: float, wanted: str = "") -> Voice:
    """Return the shipped live voice whose mean F0 is nearest to `hertz`, or the `wanted` one; raises VoiceError."""
    library = Library([shipped_folder()])
    if wanted not in ("", NOTHING):
        voice = library.get(wanted)
        if voice.card.get("family") != "live":
            raise VoiceError(f"voice {wanted} is of another family; a new voice starts from one of the family live")
        return voice
    usable = [voice for voice in library.list() if voice.card.get("family") == "live" and voice.card.get("mean_hz")]
    if not usable:
        raise VoiceError("there is no shipped voice to start from; install rtvc again")
    return min(usable, key=lambda voice: abs(math.log(voice.card["mean_hz"] / hertz)))


def open_start(voice: Voice) -> Start:
    """Return the networks of a live voice; raises CheckpointError or VoiceError."""
    voice.verify()
    if voice.weights is None:
        raise VoiceError(f"voice {voice.name}: its weights are missing; install it again")
    networks, look_ahead = read_networks(voice.weights)
    networks.eval().requires_grad_(False)
    return Start(voice.name, _frozen(networks), networks.generator, look_ahead)


def retuned(generator: Generator, mean_hz: float, rate: int) -> Generator:
    """Return a copy of a generator whose range lies around `mean_hz`, and which speaks at `rate`.

    All it has learned stays; its output layer alone is cut, or begun anew where its old limit was and above (see
    `rtvc.training.widening`).
    """
    made = Generator(replace(generator.config, mean_hz=mean_hz, rate=rate))
    made.load_state_dict(at_rate(generator.state_dict(), rate))
    return made


def _frozen(networks: LiveNetworks) -> Frozen:
    return networks.content, networks.quantizer, networks.pitch
