"""Convolutions whose weights are stored as a length and a direction (Salimans and Kingma 2016), and how to fold them.

Checkpoints hold them as `weight_g` and `weight_v`; newer ones as `parametrizations.weight.original0` and `original1`.
"""

import copy
from collections.abc import Mapping
from typing import Protocol, TypeVar, runtime_checkable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

M = TypeVar("M", bound=nn.Module)
NEW_NAMES = {"parametrizations.weight.original0": "weight_g", "parametrizations.weight.original1": "weight_v"}
"""The end of a key as new checkpoints have it, and as it is called here."""


@runtime_checkable
class Foldable(Protocol):
    """A module that has a plain twin with the same output."""

    def plain(self) -> nn.Module:
        """Return the twin, with weights of its own."""


class NormedConv1d(nn.Conv1d):
    """A convolution over time, every output channel's weights of length `weight_g`."""

    def __init__(
        self,
        channels: int,
        out_channels: int,
        kernel: int,
        stride: int = 1,
        padding: int = 0,
        dilation: int = 1,
        groups: int = 1,
    ) -> None:
        super().__init__(channels, out_channels, kernel, stride, padding, dilation, groups)
        _split(self)

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, T] -> [B, C', T']."""
        return self._conv_forward(x, _joined(self), self.bias)

    def plain(self) -> nn.Module:
        """Return the convolution with its weights multiplied out."""
        sizes = (self.in_channels, self.out_channels, self.kernel_size, self.stride, self.padding, self.dilation)
        with torch.device("meta"):
            twin = nn.Conv1d(*sizes, self.groups)  # type: ignore[arg-type]
        return _with_weights(twin, self)


class NormedConv2d(nn.Conv2d):
    """A convolution over a picture, every output channel's weights of length `weight_g`."""

    def __init__(
        self,
        channels: int,
        out_channels: int,
        kernel: tuple[int, int],
        stride: tuple[int, int] = (1, 1),
        padding: tuple[int, int] = (0, 0),
    ) -> None:
        super().__init__(channels, out_channels, kernel, stride, padding)
        _split(self)

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, H, W] -> [B, C', H', W']."""
        return self._conv_forward(x, _joined(self), self.bias)

    def plain(self) -> nn.Module:
        """Return the convolution with its weights multiplied out."""
        with torch.device("meta"):
            twin = nn.Conv2d(
                self.in_channels,
                self.out_channels,
                self.kernel_size,  # type: ignore[arg-type]
                self.stride,  # type: ignore[arg-type]
                self.padding,  # type: ignore[arg-type]
            )
        return _with_weights(twin, self)


class NormedConvTranspose1d(nn.ConvTranspose1d):
    """An upsampling convolution; here it is the weights of every input channel that have the length `weight_g`."""

    def __init__(self, channels: int, out_channels: int, kernel: int, stride: int, padding: int) -> None:
        super().__init__(channels, out_channels, kernel, stride, padding)
        self._edges = padding
        _split(self)

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        """[B, C, T] -> [B, C', T * stride]; `output_size` is not used."""
        return F.conv_transpose1d(x, _joined(self), self.bias, self.stride, self._edges)

    def plain(self) -> nn.Module:
        """Return the convolution with its weights multiplied out."""
        sizes = (self.in_channels, self.out_channels, self.kernel_size, self.stride, self.padding)
        with torch.device("meta"):
            twin = nn.ConvTranspose1d(*sizes)  # type: ignore[arg-type]
        return _with_weights(twin, self)


def folded(module: M) -> M:
    """Return a twin for inference with every weight norm multiplied out; it shares all other weights."""
    shared: dict[int, object] = {id(tensor): tensor for tensor in (*module.parameters(), *module.buffers())}
    plain = {id(part): part.plain() for part in module.modules() if isinstance(part, Foldable)}
    return copy.deepcopy(module, shared | plain)


def with_old_names(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors under `weight_g` and `weight_v`, whichever way the norm was written."""
    return {old_name(key): value for key, value in tensors.items()}


def old_name(key: str) -> str:
    """Return the key under which old checkpoints hold a tensor."""
    for new, old in NEW_NAMES.items():
        if key.endswith(new):
            return key.removesuffix(new) + old
    return key


def _split(conv: nn.Conv1d | nn.Conv2d | nn.ConvTranspose1d) -> None:
    """Replace the weight by its lengths and itself, which is then the direction."""
    weight = conv.weight.detach()
    del conv.weight
    conv.weight_g = nn.Parameter(_lengths(weight))
    conv.weight_v = nn.Parameter(weight)


def _joined(conv: nn.Module) -> Tensor:
    lengths, direction = conv.get_parameter("weight_g"), conv.get_parameter("weight_v")
    return direction * (lengths / _lengths(direction))


def _lengths(weight: Tensor) -> Tensor:
    return torch.linalg.vector_norm(weight, dim=tuple(range(1, weight.ndim)), keepdim=True)


def _with_weights(twin: M, normed: nn.Module) -> M:
    with torch.no_grad():
        weights = {"weight": _joined(normed), "bias": normed.get_parameter("bias").clone()}
    twin.load_state_dict(weights, assign=True)
    return twin.train(normed.training).requires_grad_(False)
