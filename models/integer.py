"""Transformer matrices in 8-bit integers, weights and activations both.

Every row of a weight matrix and every step of an activation has a scale of its own, found at run time, so that one
loud channel of one step costs no other step its accuracy (LLM.int8(), Dettmers et al. 2022, section 2). A processor
with instructions for dot products of bytes (AVX-512 VNNI, AVX-VNNI) multiplies them twice as fast as bfloat16.
"""

import copy
import time
from functools import lru_cache
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.attention import SelfAttention, join_heads, split_heads
from models.precision import INNER, ROWS, WIDTH, Between, pays

M = TypeVar("M", bound=nn.Module)

LARGEST = 127
FAINTEST = 1e-12
WORTH = 1.15
"""Integers must be so many times faster to be taken."""


class IntegerLinear(nn.Module):
    """A linear layer whose product is one of integers; its input may be in any floating-point precision."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        """`weight` [out, in] and `bias` [out] of the layer that this one stands in for."""
        super().__init__()
        scale = weight.detach().float().abs().amax(dim=1).clamp(min=FAINTEST) / LARGEST
        self.weight: Tensor
        self.scale: Tensor
        self.bias: Tensor
        self.register_buffer("weight", (weight.detach().float() / scale[:, None]).round().to(torch.int8))
        self.register_buffer("scale", scale)
        self.register_buffer("bias", bias.detach().float().clone())

    def forward(self, x: Tensor) -> Tensor:
        """[..., in] -> [..., out] in the precision of `x`."""
        # written so that a compiler sees 8-bit weights; to activations it does what follows, unasked
        if torch.jit.is_tracing():  # type: ignore[attr-defined, no-untyped-call]
            return F.linear(x, self.weight.to(x.dtype) * self.scale[:, None].to(x.dtype), self.bias.to(x.dtype))
        rows = x.flatten(0, -2)
        step = rows.abs().amax(dim=1, keepdim=True).clamp(min=FAINTEST) / LARGEST
        product = torch._int_mm((rows / step).round().to(torch.int8), self.weight.t())
        made: Tensor = torch.addcmul(self.bias, product * self.scale, step)
        return made.to(x.dtype).unflatten(0, x.shape[:-1])


class IntegerAttention(nn.Module):
    """`SelfAttention` with queries, keys and values out of one product."""

    def __init__(self, attention: SelfAttention) -> None:
        super().__init__()
        self.heads = attention.heads
        inward = (attention.q_proj, attention.k_proj, attention.v_proj)
        self.inward = IntegerLinear(torch.cat([p.weight for p in inward]), torch.cat([p.bias for p in inward]))
        self.out_proj = IntegerLinear(attention.out_proj.weight, attention.out_proj.bias)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """As `SelfAttention.forward`."""
        queries, keys, values = (split_heads(part, self.heads) for part in self.inward(x).chunk(3, dim=-1))
        attended: Tensor = self.out_proj(
            join_heads(F.scaled_dot_product_attention(queries, keys, values, attn_mask=mask))
        )
        return attended


def with_integers(network: M, dtype: torch.dtype = torch.float32) -> M:
    """Return a twin of a network, its linear layers and attention in integers, its convolutions in `dtype`."""
    twin = copy.deepcopy(network)
    _exchange(twin, dtype)
    return twin


def _exchange(module: nn.Module, dtype: torch.dtype) -> None:
    for name, child in module.named_children():
        if isinstance(child, SelfAttention):
            setattr(module, name, IntegerAttention(child))
        elif isinstance(child, nn.Linear):
            setattr(module, name, IntegerLinear(child.weight, child.bias))
        elif isinstance(child, nn.Conv1d):
            setattr(module, name, Between(child, dtype))
        else:
            _exchange(child, dtype)


@lru_cache(maxsize=8)
def integers_pay(device: str, dtype: torch.dtype) -> bool:
    """Whether a CPU multiplies integers clearly faster than `dtype`, found by trying; False for other devices."""
    if torch.device(device).type != "cpu":
        return False
    layer = nn.Linear(WIDTH, INNER)
    integer, plain = IntegerLinear(layer.weight, layer.bias), layer.to(dtype)
    x = torch.ones(ROWS, WIDTH)
    return pays(lambda: _seconds(plain, x.to(dtype)), lambda: _seconds(integer, x), WORTH)


@torch.inference_mode()
def _seconds(layer: nn.Module, x: Tensor) -> float:
    """Seconds of one call."""
    begin = time.perf_counter()
    layer(x)
    return time.perf_counter() - begin
