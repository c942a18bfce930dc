"""A new voice between two others of the family `live`: their generators' weights, mixed.

Generators that descend from one another lie in one valley of the loss, so a point on the line between their weights
is a generator too (Frankle et al. 2020; Wortsman et al. 2022, "Model soups"). All shipped voices, and all voices
that start from one, do so.
"""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from models.live_networks import LiveNetworks, read_networks
from models.source_filter import Generator
from rtvc.errors import VoiceError
from rtvc.library import Voice
from rtvc.making.start import retuned
from rtvc.own_voices import OwnVoices, write_card
from rtvc.training.export import export_generator
from rtvc.training.views import Frozen

FAMILY = "live"


def blend(own: OwnVoices, name: str, voices: tuple[Voice, Voice], share: float, title: str = "") -> Voice:
    """Make a voice `name` of two; `share` from 0 to 1 is how much of the second one it has.

    It has the first one's content networks, and the wider bandwidth of both. Raises VoiceError for voices of other
    families, and for such as hear through different content networks: what one has learned means nothing to the other.
    """
    if not 0 < share < 1:
        raise VoiceError("a blend has more than 0 % and less than 100 % of the second voice")
    own.check_free(name)
    (first, look_ahead), (second, _) = (_read(voice) for voice in voices)
    if not _hear_alike(first, second):
        raise VoiceError(
            f"{voices[0].name} and {voices[1].name} hear through different content networks and cannot be blended; "
            "train one of them anew, starting from the other: rtvc voices train NAME RECORDINGS --start VOICE"
        )
    generator = mixed(first.generator, second.generator, share)
    frozen: Frozen = (first.content, first.quantizer, first.pitch)

    def write(folder: Path) -> None:
        write_card(folder, _card(name, title or name, voices, share))
        export_generator(frozen, generator, look_ahead, folder)

    return own.add(name, write)


def mixed(first: Generator, second: Generator, share: float) -> Generator:
    """Return the generator on the line between two, at `share` of the way, with the wider rate of both."""
    rate = max(first.config.rate, second.config.rate)
    hertz = math.exp((1 - share) * math.log(first.config.mean_hz) + share * math.log(second.config.mean_hz))
    ends = [retuned(one, hertz, rate).state_dict() for one in (first, second)]
    made = retuned(first, hertz, rate)
    made.load_state_dict({key: tensor.lerp(ends[1][key], share) for key, tensor in ends[0].items()})
    return made.eval().requires_grad_(False)


def _read(voice: Voice) -> tuple[LiveNetworks, int]:
    if voice.card.get("family") != FAMILY or voice.weights is None:
        raise VoiceError(f"{voice.name} cannot be blended; voices of the family live can")
    voice.verify()
    networks, look_ahead = read_networks(voice.weights)
    return networks.eval().requires_grad_(False), look_ahead


def _hear_alike(first: LiveNetworks, second: LiveNetworks) -> bool:
    """Whether the content of both means the same, and their generators have the same sizes."""
    one, other = first.generator.config, second.generator.config
    sizes = ("content", "width", "feed_forward", "kernel", "slow_blocks", "fast_blocks")
    if first.content.config != second.content.config or any(getattr(one, x) != getattr(other, x) for x in sizes):
        return False
    pairs = ((first.content, second.content), (first.quantizer, second.quantizer))
    return all(torch.equal(tensor, b.state_dict()[key]) for a, b in pairs for key, tensor in a.state_dict().items())


def _card(name: str, title: str, voices: tuple[Voice, Voice], share: float) -> Mapping[str, Any]:
    """Licence, attribution and consent of both stay with what is made of them."""
    cards = [voice.card for voice in voices]
    consents = [card["consent"] for card in cards if "consent" in card]
    return {
        "name": name,
        "title": title,
        "family": FAMILY,
        "licence": _both(cards, "licence"),
        "attribution": _both(cards, "attribution"),
        **({"consent": consents} if consents else {}),
        "made_of": {"voices": [voice.name for voice in voices], "share_of_second": round(share, 3)},
    }


def _both(cards: Sequence[Mapping[str, Any]], key: str) -> str:
    return "; ".join(dict.fromkeys(str(card[key]) for card in cards if key in card))
