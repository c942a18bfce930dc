"""What an import of a GPT-SoVITS voice needs besides: a file whose weights make sound, and a network to listen with."""

from collections import OrderedDict
from dataclasses import asdict
from pathlib import Path

from models.hubert import Hubert, HubertConfig
from rtvc.parts import HUBERT, default_parts
from tests.checkpoint_files import weights, write_voice
from tests.filling import fill

SMALL = HubertConfig(
    conv_channels=16, width=768, feed_forward=32, layers=1, heads=2, position_kernel=16, position_groups=2
)


def write_filled_voice(path: Path) -> Path:
    """An inference file of version 2 in full size."""
    return write_voice(path, "v2", OrderedDict(weights("v2", is_filled=True)))


def store_content_network() -> None:
    """Put a small network among the user's parts, in place of the one that every such voice listens with."""
    network = Hubert(SMALL)
    fill(network)
    default_parts().store(HUBERT, network.state_dict(), asdict(SMALL), {"sha256": "0" * 64})
