"""What a weight file of another kind is, told from the names in it, and what its owner can do."""

from collections.abc import Collection, Mapping
from typing import Any

V3_PREFIXES = ("cfm.", "bridge.", "wns1.", "linear_mel.")
V3 = "is a GPT-SoVITS v3 or v4 voice, which is built in another way; use a voice of v1, v2, v2Pro or v2ProPlus"
LORA = "is a LoRA of GPT-SoVITS v3 or v4, not a whole voice; use a voice of v1, v2, v2Pro or v2ProPlus"
GPT = "is the GPT half of GPT-SoVITS (text to semantics); import the SoVITS half, a .pth in a folder SoVITS_weights…"
RVC = "is an RVC voice, which this program does not convert with; it takes GPT-SoVITS voices"
SO_VITS_SVC = "is a so-vits-svc voice, which this program does not convert with; it takes GPT-SoVITS voices"
DISCRIMINATOR = "is the discriminator (D) that training needs; import the generator (G) beside it"
HUBERT = "is a HuBERT, not a voice; give its folder to `rtvc voices fetch`"
SPEAKER = "holds speaker-verification weights, not a voice; give the file to `rtvc voices fetch`"
OTHER = "holds weights, but not those of a GPT-SoVITS voice"

MARK_VERSIONS: dict[bytes, str | None] = {
    b"PK": None,
    b"00": "v1",
    b"01": "v2",
    b"05": "v2Pro",
    b"06": "v2ProPlus",
}
"""The version that the first two bytes of a zip file claim."""
REFUSED_MARKS: dict[bytes, str] = {b"02": V3, b"03": LORA, b"04": LORA}


def foreign_kind(content: Mapping[Any, Any], names: Collection[str]) -> str | None:
    """Return what a file is if it is known to be no voice of ours; `names` are those of its weights."""
    if "lora_rank" in content or any(".lora_" in name for name in names):
        return LORA
    for sentence, is_it in KINDS:
        if is_it(names):
            return sentence
    return None


def _begins(*prefixes: str) -> Any:
    return lambda names: any(name.startswith(prefixes) for name in names)


def _has(*wanted: str) -> Any:
    return lambda names: any(name in names for name in wanted)


KINDS = (
    (V3, _begins(*V3_PREFIXES)),
    (GPT, _begins("model.ar_", "ar_text_embedding", "ar_audio_embedding", "model.h.layers")),
    (RVC, _has("enc_p.emb_phone.weight")),
    (SO_VITS_SVC, _has("enc_p.f0_emb.weight", "emb_uv.weight", "pre.weight")),
    (RVC, _begins("dec.m_source.")),
    (DISCRIMINATOR, _begins("discriminators.")),
    (HUBERT, _begins("feature_extractor.conv_layers.", "hubert.feature_extractor.")),
    (SPEAKER, _begins("layer3_ds.", "fuse34.", "layer1.0.bn")),
)
"""Kinds of weight files, the surest signs first."""
