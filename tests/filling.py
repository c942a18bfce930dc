"""Weights by rule: every tensor of a state dict is drawn from its name, so reference outputs need no weight file."""

import zlib

import numpy as np
import torch
from torch import Tensor, nn


def filled(key: str, shape: tuple[int, ...]) -> Tensor:
    """The tensor of that name and shape; names are those of a checkpoint (old-style `weight_g` and `weight_v`)."""
    last = key.rpartition(".")[2]
    if last in CONSTANTS:
        return torch.full(shape, CONSTANTS[last])
    noise = np.random.default_rng(zlib.crc32(key.encode())).standard_normal(shape)
    return torch.from_numpy(_scaled(noise, key, last)).float()


CONSTANTS = {"num_batches_tracked": 0.0, "inited": 1.0, "cluster_size": 10.0}


def _scaled(noise: np.ndarray, key: str, last: str) -> np.ndarray:
    by_fan_in = noise / np.sqrt(np.prod(noise.shape[1:]))
    if key in SPECIAL:
        return SPECIAL[key](noise, by_fan_in)
    if last in BY_LAST:
        return BY_LAST[last](noise)
    if noise.ndim <= 1:
        return 1.0 + 0.1 * noise if last in {"weight", "gamma"} else 0.1 * noise
    return by_fan_in


SPECIAL = {
    "prelu.weight": lambda noise, by_fan_in: 0.25 + 0.1 * noise,
    "enc_q.proj.weight": lambda noise, by_fan_in: 0.1 * by_fan_in,
}
BY_LAST = {
    "running_var": lambda noise: 1.0 + 0.1 * np.abs(noise),
    "weight_g": lambda noise: 1.0 + 0.1 * noise,
    "emb_rel_k": lambda noise: noise / np.sqrt(noise.shape[-1]),
    "emb_rel_v": lambda noise: noise / np.sqrt(noise.shape[-1]),
    "embed": lambda noise: noise,
    "embed_avg": lambda noise: noise,
}


def fill(module: nn.Module) -> None:
    """Fill every parameter and buffer of a module that is named as in its checkpoint."""
    module.load_state_dict({key: filled(key, tuple(value.shape)) for key, value in module.state_dict().items()})
