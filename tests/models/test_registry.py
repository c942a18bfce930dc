"""The registry names the families and imports only the one that is asked for."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from models.base import VoiceModel
from models.errors import UnknownFamilyError
from models.registry import FAMILIES, load_voice


def test_a_card_opens_the_family_it_names() -> None:
    voice: VoiceModel = load_voice({"family": "passthrough"}, None)

    assert (voice.input_rate, voice.output_rate, voice.hop) == (16000, 16000, 320)


@pytest.mark.parametrize("card", [{"family": "pastrough"}, {"family": None}, {"family": ["live"]}, {}])
def test_an_unknown_family_is_named_with_the_known_ones(card: dict[str, object]) -> None:
    with pytest.raises(UnknownFamilyError, match=r"no model family .*; known: live, passthrough"):
        load_voice(card, None)


@pytest.mark.parametrize("place", FAMILIES.values())
def test_every_family_has_its_module(place: str) -> None:
    assert find_spec(place.partition(":")[0]) is not None


def test_importing_the_registry_imports_no_family() -> None:
    script = "import sys, models.registry; print(sorted({'models.live', 'models.passthrough'} & set(sys.modules)))"

    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == "[]"
