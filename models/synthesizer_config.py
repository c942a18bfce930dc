"""The sizes of a GPT-SoVITS synthesizer, and those of its four versions."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True)
class SynthesizerConfig:
    """Every width of the networks; names are those of the original's configuration where it has one.

    The defaults are those of version v2. Small models of the same code may have any widths: a matrix takes the style to
    `mrte_width` where the two differ, and always where a speaker is verified.
    """

    version: str = "v2"
    spec_channels: int = 1025
    reference_bins: int = 704
    """So many bins of the reference's spectrogram are looked at, from the lowest."""
    inter_channels: int = 192
    hidden_channels: int = 192
    filter_channels: int = 768
    n_heads: int = 2
    n_layers: int = 6
    kernel_size: int = 3
    p_dropout: float = 0.1
    text_vocabulary: int = 732
    mrte_width: int = 512
    mrte_heads: int = 4
    ssl_dim: int = 768
    codebooks: int = 1
    codes: int = 1024
    freeze_quantizer: bool = True
    """The quantiser does not learn: its codes stay those of the model that training started from."""
    gin_channels: int = 512
    style_width: int = 128
    style_heads: int = 2
    has_speaker_verification: bool = False
    speaker_channels: int = 20480
    wavenet_kernel: int = 5
    posterior_layers: int = 16
    flow_layers: int = 4
    flow_couplings: int = 4
    resblock: Literal["1", "2"] = "1"
    resblock_kernel_sizes: tuple[int, ...] = (3, 7, 11)
    resblock_dilation_sizes: tuple[tuple[int, ...], ...] = ((1, 3, 5),) * 3
    upsample_rates: tuple[int, ...] = (10, 8, 2, 2, 2)
    upsample_initial_channel: int = 512
    upsample_kernel_sizes: tuple[int, ...] = (16, 16, 8, 2, 2)
    segment_frames: int = 32
    """Frames of which training makes a waveform."""

    @classmethod
    def of_version(cls, version: str) -> "SynthesizerConfig":
        """Return the sizes of `version`; raises KeyError where there is no such version."""
        return VERSIONS[version]

    @classmethod
    def of_facts(cls, facts: Mapping[str, object]) -> "SynthesizerConfig":
        """Return what `dataclasses.asdict` took apart, also after a journey through JSON.

        Raises TypeError for a name that is none of the sizes.
        """
        unknown = sorted(facts.keys() - {field.name for field in fields(cls)})
        if unknown:
            raise TypeError(f"{', '.join(unknown)}: no sizes of a synthesizer")
        return replace(cls(), **{name: _frozen(value) for name, value in facts.items()})  # type: ignore[arg-type]

    @property
    def has_text_style(self) -> bool:
        """Whether a matrix stands between the style and what the text encoder is told of it."""
        return self.has_speaker_verification or self.gin_channels != self.mrte_width


def _frozen(value: object) -> object:
    return tuple(_frozen(part) for part in value) if isinstance(value, list | tuple) else value


_V2 = SynthesizerConfig()
_V2_PRO = replace(_V2, version="v2Pro", p_dropout=0.0, gin_channels=1024, has_speaker_verification=True)

VERSIONS: Mapping[str, SynthesizerConfig] = MappingProxyType(
    {
        "v1": replace(_V2, version="v1", text_vocabulary=322, reference_bins=1025),
        "v2": _V2,
        "v2Pro": _V2_PRO,
        "v2ProPlus": replace(
            _V2_PRO,
            version="v2ProPlus",
            upsample_initial_channel=768,
            upsample_kernel_sizes=(20, 16, 8, 2, 2),
        ),
    }
)
