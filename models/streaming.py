"""Layers that run offline over a whole utterance or piece by piece with equal results.

Such a layer is a `Streamable`: `forward` is the offline self, `push` takes the next piece and the state and returns
what is complete and the new state. The state is a value outside the module, so one set of weights serves any number
of streams at once. `Streamed` makes a `Stage` of a layer.

Joined, the pieces are the offline result from its first step on. A layer that looks ahead returns less at first and,
as no stream knows its end, never the last steps of `forward`, whose future is taken as zeros. Pieces may have any
length, none included, unless a layer says otherwise.
"""

from typing import Generic, Protocol, TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

State = TypeVar("State")

SHORT = 8
"""Up to so many steps, a product of matrices takes less time than torch's convolutions (on one CPU thread)."""


class Streamable(Protocol[State]):
    """What `Streamed` needs of a layer, besides `forward`."""

    @property
    def look_ahead(self) -> float:
        """Steps of the input that must follow a step before its output is complete."""

    def initial_state(self, batch: int = 1) -> State:
        """Return the state before the first step."""

    def push(self, x: Tensor, state: State) -> tuple[Tensor, State]:
        """Return the output that is complete with the next piece, and the state after it."""


class Streamed(Generic[State]):
    """A layer as a `Stage`: it owns the state of one stream; `rate` is the layer's input steps per second."""

    def __init__(self, layer: Streamable[State], rate: float, batch: int = 1) -> None:
        self._layer = layer
        self._batch = batch
        self._state = layer.initial_state(batch)
        self.delay = layer.look_ahead / rate

    def push(self, x: Tensor) -> Tensor:
        """Take the next piece and return what is complete."""
        y, self._state = self._layer.push(x, self._state)
        return y

    def reset(self) -> None:
        """Forget everything heard."""
        self._state = self._layer.initial_state(self._batch)


class CausalConv1d(nn.Conv1d):
    """Convolution [B, in, T] -> [B, out, T / stride] that keeps the end of its past.

    Output i sees nothing after input step `stride * (i + 1 + look_ahead) - 1`; the past before the first step is zeros.
    Keys are those of `nn.Conv1d`.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        *,
        stride: int = 1,
        dilation: int = 1,
        groups: int = 1,
        bias: bool = True,
        look_ahead: int = 0,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride=stride, dilation=dilation, groups=groups, bias=bias
        )
        self.look_ahead = stride * look_ahead
        self.extent = (kernel_size - 1) * dilation + 1
        self.step = stride
        self.past = self.extent - self.step - self.look_ahead
        if self.past < 0:
            raise ValueError(f"a kernel over {self.extent} steps cannot reach {stride} + {self.look_ahead} steps")

    def forward(self, input: Tensor) -> Tensor:
        """The whole signal at once: [B, in, T] -> [B, out, T // stride]."""
        return self._convolve(F.pad(input, (self.past, self.look_ahead)))

    def initial_state(self, batch: int = 1) -> Tensor:
        """Return the silence before the first step."""
        return self.weight.new_zeros(batch, self.in_channels, self.past)

    def push(self, x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """[B, in, n] -> [B, out, m] for every output whose inputs have come."""
        heard = torch.cat([state, x], dim=-1)
        ready = (heard.shape[-1] - self.extent) // self.step + 1
        return self._convolve(heard), heard[..., max(ready, 0) * self.step :]

    def _convolve(self, heard: Tensor) -> Tensor:
        steps = (heard.shape[-1] - self.extent) // self.step + 1
        if steps <= 0:
            return heard.new_zeros(heard.shape[0], self.out_channels, 0)
        depthwise = self.groups == self.in_channels == self.out_channels
        if steps > SHORT or not (depthwise or self.groups == 1) or torch.onnx.is_in_onnx_export():
            return F.conv1d(heard, self.weight, self.bias, self.step, 0, self.dilation, self.groups)
        taps = heard.unfold(-1, self.extent, self.step)[..., :: self.dilation[0]]  # [B, in, steps, kernel]
        if self.groups == 1:
            return F.linear(taps.transpose(1, 2).flatten(2), self.weight.flatten(1), self.bias).transpose(1, 2)
        y = (taps * self.weight).sum(-1)
        return y if self.bias is None else y + self.bias[:, None]


class CausalConvTranspose1d(nn.ConvTranspose1d):
    """Transposed convolution [B, in, T] -> [B, out, stride * T] that keeps what it owes to the future.

    The first `skip` samples of the full result are dropped, so each output is complete `skip / stride` input steps
    later; `skip = (kernel - stride) // 2` is the usual centred upsampling. Keys are those of `nn.ConvTranspose1d`.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        *,
        stride: int = 1,
        dilation: int = 1,
        groups: int = 1,
        bias: bool = True,
        skip: int = 0,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride=stride, dilation=dilation, groups=groups, bias=bias
        )
        self.step = stride
        self.skip = skip
        self.look_ahead = skip / stride
        self.overlap = (kernel_size - 1) * dilation + 1 - stride
        if not 0 <= skip <= self.overlap:
            raise ValueError(f"a kernel of {kernel_size} at stride {stride} leaves no {skip} samples to skip")

    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Tensor:
        """The whole signal at once: [B, in, T] -> [B, out, stride * T]; there is one output size."""
        if output_size is not None:
            raise ValueError("the output of a causal transposed convolution is stride times its input")
        full = self._spread(input)
        return self._with_bias(full[..., self.skip : full.shape[-1] - self.overlap + self.skip])

    def initial_state(self, batch: int = 1) -> tuple[Tensor, int]:
        """Return the sums owed by the past (none yet) and how many samples are still to be skipped."""
        return self.weight.new_zeros(batch, self.out_channels, self.overlap), self.skip

    def push(self, x: Tensor, state: tuple[Tensor, int]) -> tuple[Tensor, tuple[Tensor, int]]:
        """[B, in, n] -> [B, out, stride * n], less the samples to be skipped."""
        owed, skip = state
        full = self._spread(x)
        full[..., : self.overlap] += owed
        complete = full.shape[-1] - self.overlap
        skipped = min(skip, complete)
        return self._with_bias(full[..., skipped:complete]), (full[..., complete:], skip - skipped)

    def _spread(self, x: Tensor) -> Tensor:
        """Sum of the scaled kernels without bias, to the end of the last one: [B, out, stride * T + overlap]."""
        steps = x.shape[-1]
        if steps == 0:
            return x.new_zeros(x.shape[0], self.out_channels, self.overlap)
        if steps > SHORT or self.groups > 1:
            return F.conv_transpose1d(x, self.weight, None, self.step, 0, 0, self.groups, self.dilation)
        kernels = (x.transpose(1, 2) @ self.weight.flatten(1)).transpose(1, 2)  # [B, out * kernel, steps]
        size, kernel, dilation = (1, steps * self.step + self.overlap), (1, *self.kernel_size), (1, *self.dilation)
        return F.fold(kernels, size, kernel, dilation, stride=(1, self.step)).squeeze(2)

    def _with_bias(self, x: Tensor) -> Tensor:
        return x if self.bias is None else x + self.bias[:, None]


class DelayLine(nn.Module):
    """Holds the last `steps` steps back: the path around a layer that looks `steps` ahead, as of a residual.

    `dim` is the axis of time. Offline it is the identity.
    """

    def __init__(self, steps: int, dim: int = -1) -> None:
        super().__init__()
        self.look_ahead = steps
        self.dim = dim

    def forward(self, x: Tensor) -> Tensor:
        """The whole signal at once: unchanged."""
        return x

    def initial_state(self, batch: int = 1) -> Tensor | None:
        """Return the state before the first step: nothing held, of whatever shape will come."""
        return None

    def push(self, x: Tensor, state: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """Return the steps that are `steps` old, oldest first."""
        held = x if state is None else torch.cat([state, x], dim=self.dim)
        length = held.shape[self.dim]
        ready = max(length - self.look_ahead, 0)
        return held.narrow(self.dim, 0, ready), held.narrow(self.dim, ready, length - ready)
