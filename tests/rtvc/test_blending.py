"""A voice between two others: a whole voice, with what both have to say about it."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from models.live import LiveVoice
from models.live_networks import LiveNetworks, compiled_voice, read_networks
from models.source_filter import Generator
from rtvc.blending import blend, mixed
from rtvc.errors import VoiceError
from rtvc.library import Voice, checksum, read_voice
from rtvc.own_voices import OwnVoices, write_card
from tests.small_live import make_voice, save, steps_of, streamed, sung


def stored(folder: Path, voice: LiveVoice, **facts: object) -> Voice:
    folder.mkdir(parents=True)
    save(folder / "voice.safetensors", voice)
    card = {"name": folder.name, "title": folder.name, "family": "live", "licence": f"licence of {folder.name}"}
    write_card(folder, {**card, "sha256": checksum(folder / "voice.safetensors", folder.name), **facts})
    return read_voice(folder)


def other(
    voice: LiveVoice, seed: int, rate: int = 16000, mean_hz: float = 110.0, same_content: bool = True
) -> LiveVoice:
    """Another generator behind the same content networks, or behind others."""
    networks = steps_of(voice).networks
    made = LiveNetworks(networks.content.config, replace(networks.generator.config, rate=rate, mean_hz=110.0))
    if same_content:
        for part in ("content", "quantizer", "pitch"):
            getattr(made, part).load_state_dict(getattr(networks, part).state_dict())
    torch.manual_seed(seed)
    made.generator.load_state_dict(Generator(made.generator.config).state_dict())
    return compiled_voice(made, voice.look_ahead, is_quantized=False)


@pytest.fixture
def own(tmp_path: Path) -> OwnVoices:
    return OwnVoices(tmp_path / "voices", tmp_path / "shipped")


def test_blend_lies_between_both_and_speaks(own: OwnVoices, tmp_path: Path) -> None:
    first = make_voice()
    voices = stored(tmp_path / "a", first), stored(tmp_path / "b", other(first, 9), consent={"whose": "Bea"})

    made = blend(own, "between", voices, 0.25)

    assert made.weights is not None
    made.verify()
    networks, look_ahead = read_networks(made.weights)
    ends = [read_networks(voice.weights)[0].generator.state_dict() for voice in voices if voice.weights]
    for key, tensor in networks.generator.state_dict().items():
        torch.testing.assert_close(tensor, 0.75 * ends[0][key] + 0.25 * ends[1][key], atol=2e-3, rtol=2e-3)
    assert look_ahead == first.look_ahead
    assert networks.generator.config.mean_hz == pytest.approx(175.0**0.75 * 110.0**0.25)
    assert made.card["licence"] == "licence of a; licence of b" and made.card["consent"] == [{"whose": "Bea"}]
    spoken = streamed(compiled_voice(networks, look_ahead, is_quantized=False), sung(), 1)
    assert torch.isfinite(spoken).all() and spoken.abs().max() > 0


def test_narrow_and_wide_voice_make_a_wide_one() -> None:
    first = make_voice()

    made = mixed(*(steps_of(one).networks.generator for one in (first, other(first, 9, rate=24000))), 0.5)

    assert made.config.rate == 24000


def test_voices_that_hear_differently_are_refused(own: OwnVoices, tmp_path: Path) -> None:
    first = make_voice()
    voices = stored(tmp_path / "a", first), stored(tmp_path / "b", other(first, 9, same_content=False))

    with pytest.raises(VoiceError, match="a and b hear through different content networks"):
        blend(own, "between", voices, 0.5)
    assert not (own.folder / "between").exists()


@pytest.mark.parametrize("share", [0.0, 1.0, -0.2, 1.5, float("nan")])
def test_share_that_is_no_blend_is_refused(own: OwnVoices, tmp_path: Path, share: float) -> None:
    voice = stored(tmp_path / "a", make_voice())

    with pytest.raises(VoiceError, match="more than 0 % and less than 100 %"):
        blend(own, "between", (voice, voice), share)


def test_voice_of_another_family_is_refused(own: OwnVoices, tmp_path: Path) -> None:
    voice = stored(tmp_path / "a", make_voice())
    odd = stored(tmp_path / "b", make_voice(), family="sovits")

    with pytest.raises(VoiceError, match="b cannot be blended"):
        blend(own, "between", (voice, odd), 0.5)


def test_taken_name_is_refused(own: OwnVoices, tmp_path: Path) -> None:
    voices = stored(tmp_path / "a", make_voice()), stored(tmp_path / "b", other(make_voice(), 9))
    blend(own, "between", voices, 0.5)

    with pytest.raises(VoiceError, match="there is a voice between already"):
        blend(own, "between", voices, 0.5)
