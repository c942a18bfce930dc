"""HuBERT's weights under the names of others: Hugging Face, torchaudio and fairseq, and what their shapes tell.

The names that `models.hubert` has are Hugging Face's, with the weight norm as `weight_g` and `weight_v`.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor

from models.hubert import LARGE, HubertConfig
from models.weight_norm import with_old_names

HEAD_CHANNELS = 64
HEADS = {1280: 16}
"""Heads by width, where one is not 64 wide: so in the extra large model."""
MASK_VECTOR = "masked_spec_embed"
DROPPED = re.compile(r"(lm_head|projector|classifier|aux|final_proj)\.|label_embs_concat$")
"""Heads for training and recognition."""
RENAMED = tuple(
    (re.compile(old), new)
    for old, new in (
        # torchaudio
        (r"encoder\.(feature_projection\..*)", r"\1"),
        (r"encoder\.transformer\.(.*)", r"encoder.\1"),
        # fairseq
        (r"mask_emb", MASK_VECTOR),
        (r"(feature_extractor\.conv_layers\.\d+)\.0\.(weight|bias)", r"\1.conv.\2"),
        (r"(feature_extractor\.conv_layers\.\d+)\.2\.(?:1\.)?(weight|bias)", r"\1.layer_norm.\2"),
        (r"layer_norm\.(weight|bias)", r"feature_projection.layer_norm.\1"),
        (r"post_extract_proj\.(weight|bias)", r"feature_projection.projection.\1"),
        (r"encoder\.pos_conv\.0\.(.*)", r"encoder.pos_conv_embed.conv.\1"),
        (r"(encoder\.layers\.\d+)\.self_attn\.(.*)", r"\1.attention.\2"),
        (r"(encoder\.layers\.\d+)\.self_attn_layer_norm\.(.*)", r"\1.layer_norm.\2"),
        (r"(encoder\.layers\.\d+)\.fc1\.(.*)", r"\1.feed_forward.intermediate_dense.\2"),
        (r"(encoder\.layers\.\d+)\.fc2\.(.*)", r"\1.feed_forward.output_dense.\2"),
    )
)
"""Patterns of whole names; the first that fits says how its key is called here, any other key keeps its name."""


def with_own_names(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors of any of the three as `Hubert` names them, without heads.

    The vector for masked frames, which only training needs, is zero where a file lacks it. Unknown keys stay, so that
    strict loading names them; raises ValueError where two keys become one.
    """
    found: dict[str, Tensor] = {}
    for key, tensor in with_old_names(tensors).items():
        name = _renamed(key)
        if DROPPED.match(name):
            continue
        if name in found:
            raise ValueError(f"two tensors are called {name}")
        found[name] = tensor
    projection = found.get("feature_projection.projection.weight")
    if projection is not None and MASK_VECTOR not in found:
        found[MASK_VECTOR] = torch.zeros(projection.shape[0])
    return found


def _renamed(key: str) -> str:
    key = key.removeprefix("hubert.")
    for pattern, name in RENAMED:
        if match := pattern.fullmatch(key):
            return match.expand(name)
    return key


def config_of(tensors: Mapping[str, Tensor]) -> HubertConfig:
    """Return the sizes of the model that tensors in our own names are of; strides and heads are the usual ones.

    Raises ValueError where they are of no HuBERT.
    """
    try:
        kernels = _shapes(tensors, r"feature_extractor\.conv_layers\.(\d+)\.conv\.weight")
        layers = _shapes(tensors, r"encoder\.layers\.(\d+)\.feed_forward\.intermediate_dense\.weight")
        position = tensors["encoder.pos_conv_embed.conv.weight_v"].shape
        large = "feature_extractor.conv_layers.1.layer_norm.weight" in tensors
        feed_forward, width = layers[0]
        return replace(
            LARGE if large else HubertConfig(),
            conv_channels=kernels[0][0],
            conv_kernels=tuple(shape[2] for shape in kernels),
            conv_bias="feature_extractor.conv_layers.0.conv.bias" in tensors,
            width=width,
            feed_forward=feed_forward,
            layers=len(layers),
            heads=HEADS.get(width, max(width // HEAD_CHANNELS, 1)),
            position_kernel=position[2],
            position_groups=width // position[1],
        )
    except (KeyError, IndexError, ValueError, ZeroDivisionError) as error:
        raise ValueError("these are no weights of a HuBERT: its convolutions or layers are missing") from error


def _shapes(tensors: Mapping[str, Tensor], pattern: str) -> list[tuple[int, ...]]:
    """Shapes of a numbered tensor, in the order of its numbers."""
    found = {int(m[1]): tuple(t.shape) for key, t in tensors.items() if (m := re.fullmatch(pattern, key))}
    return [found[i] for i in range(len(found))]
