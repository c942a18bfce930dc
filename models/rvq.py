"""Residual vector quantisation: vectors as sums of codewords, one from each of several books.

As in SoundStream and EnCodec (Zeghidour et al. 2021, Défossez et al. 2022): each layer codes what the layers before it
left over. Books are not learned by gradient but follow a running mean of the vectors given to them; they start as the
means of clusters of the first batch, and codes that fall out of use start anew at a vector of the batch.
Buffers are named as in checkpoints of GPT-SoVITS.
"""

from collections.abc import Collection

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MOST_FOR_CLUSTERS = 10_000
"""Vectors of the first batch, drawn at random, among which clusters are sought."""


class EuclideanCodebook(nn.Module):
    """One book of K codewords of D dimensions; the code of a vector is the nearest codeword, the first one of equals.

    A code whose running count is below `threshold` after a training step is replaced; 0 keeps them all.
    """

    inited: Tensor
    cluster_size: Tensor
    embed: Tensor
    embed_avg: Tensor

    def __init__(
        self,
        dim: int,
        codebook_size: int,
        kmeans_init: bool = True,
        kmeans_iters: int = 50,
        decay: float = 0.99,
        epsilon: float = 1e-5,
        threshold_ema_dead_code: float = 2.0,
    ) -> None:
        super().__init__()
        self.kmeans_iters, self.decay, self.epsilon = kmeans_iters, decay, epsilon
        self.threshold = threshold_ema_dead_code
        embed = torch.zeros(codebook_size, dim)
        if not kmeans_init:
            nn.init.kaiming_uniform_(embed)
        self.register_buffer("inited", torch.tensor([0.0 if kmeans_init else 1.0]))
        self.register_buffer("cluster_size", torch.zeros(codebook_size))
        self.register_buffer("embed", embed)
        self.register_buffer("embed_avg", embed.clone())

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """[..., D] -> codewords [..., D] and codes [...]; the book moves afterwards, in training only.

        The first call ever, in evaluation too, makes the book from `x` if it was to start from clusters.
        """
        flat = x.detach().reshape(-1, x.shape[-1]).to(self.embed.dtype)
        if self.inited.item() == 0:
            self._start_from(flat)
        codes = self.encode(x)
        quantized = self.decode(codes)
        if self.training:
            self._follow(flat, codes.reshape(-1))
        return quantized, codes

    @torch.no_grad()
    def encode(self, x: Tensor) -> Tensor:
        """[..., D] -> codes [...], in single precision at least, whatever the surroundings compute in."""
        with torch.autocast(x.device.type, enabled=False):
            wide = torch.promote_types(self.embed.dtype, torch.float32)
            nearness = -_square_distances(x.reshape(-1, x.shape[-1]).to(wide), self.embed.to(wide))
        return nearness.argmax(dim=-1).view(x.shape[:-1])

    def decode(self, codes: Tensor) -> Tensor:
        """Codes [...] -> codewords [..., D]."""
        return F.embedding(codes, self.embed)

    def _start_from(self, vectors: Tensor) -> None:
        few = vectors[torch.randperm(len(vectors), device=vectors.device)[:MOST_FOR_CLUSTERS]]
        means, counts = kmeans(few, len(self.embed), self.kmeans_iters)
        self.embed.copy_(means)
        self.embed_avg.copy_(means)
        self.cluster_size.copy_(counts)
        self.inited.fill_(1.0)

    @torch.no_grad()
    def _follow(self, vectors: Tensor, codes: Tensor) -> None:
        """Move the running counts and sums, and the book with them; then replace the codes out of use."""
        counts, sums = _gather(vectors, codes, len(self.embed))
        self.cluster_size.lerp_(counts, 1 - self.decay)
        self.embed_avg.lerp_(sums, 1 - self.decay)
        total = self.cluster_size.sum()
        smoothed = (self.cluster_size + self.epsilon) / (total + len(self.embed) * self.epsilon) * total
        self.embed.copy_(self.embed_avg / smoothed[:, None])
        dead = self.cluster_size < self.threshold
        if dead.any():
            self.embed[dead] = _sample(vectors, int(dead.sum()))


def kmeans(vectors: Tensor, clusters: int, iterations: int) -> tuple[Tensor, Tensor]:
    """Lloyd's algorithm: vectors [M, D] -> means [K, D] and how many vectors are nearest to each [K].

    It starts from vectors drawn at random; an empty cluster keeps its mean.
    """
    means = _sample(vectors, clusters)
    counts = vectors.new_zeros(clusters)
    for _ in range(iterations):
        nearest = _square_distances(vectors, means).argmin(dim=-1)
        counts, sums = _gather(vectors, nearest, clusters)
        means = torch.where(counts[:, None] > 0, sums / counts.clamp(min=1)[:, None], means)
    return means, counts


def _square_distances(vectors: Tensor, words: Tensor) -> Tensor:
    """[M, D] and [K, D] -> [M, K]."""
    squares = vectors.square().sum(1, keepdim=True) - 2 * vectors @ words.T
    return squares + words.square().sum(1)


def _gather(vectors: Tensor, codes: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Count and sum the vectors of each code: [M, D] and [M] -> [K] and [K, D]."""
    counts = torch.bincount(codes, minlength=size).to(vectors.dtype)
    return counts, vectors.new_zeros(size, vectors.shape[1]).index_add_(0, codes, vectors)


def _sample(vectors: Tensor, count: int) -> Tensor:
    """Draw vectors at random, each at most once if there are enough."""
    if len(vectors) >= count:
        return vectors[torch.randperm(len(vectors), device=vectors.device)[:count]]
    return vectors[torch.randint(len(vectors), (count,), device=vectors.device)]


class VectorQuantization(nn.Module):
    """A codebook for feats [B, D, T], with the loss that keeps vectors near their codewords."""

    def __init__(
        self,
        dim: int,
        codebook_size: int,
        codebook_dim: int | None = None,
        decay: float = 0.99,
        epsilon: float = 1e-5,
        kmeans_init: bool = True,
        kmeans_iters: int = 50,
        threshold_ema_dead_code: float = 2.0,
        commitment_weight: float = 1.0,
    ) -> None:
        super().__init__()
        inner = dim if codebook_dim is None else codebook_dim
        self.project_in = nn.Identity() if inner == dim else nn.Linear(dim, inner)
        self.project_out = nn.Identity() if inner == dim else nn.Linear(inner, dim)
        self.commitment_weight = commitment_weight
        self._codebook = EuclideanCodebook(
            inner, codebook_size, kmeans_init, kmeans_iters, decay, epsilon, threshold_ema_dead_code
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """[B, D, T] -> quantised [B, D, T], codes [B, T] and loss [1]; in training the gradient passes straight."""
        x = self.project_in(x.transpose(1, 2))
        quantized, codes = self._codebook(x)
        loss = x.new_zeros(1)
        if self.training:
            loss = loss + self.commitment_weight * F.mse_loss(x, quantized)
            quantized = x + (quantized - x).detach()
        return self.project_out(quantized).transpose(1, 2), codes, loss

    def encode(self, x: Tensor) -> Tensor:
        """[B, D, T] -> codes [B, T]."""
        return self._codebook.encode(self.project_in(x.transpose(1, 2)))

    def decode(self, codes: Tensor) -> Tensor:
        """Codes [B, T] -> [B, D, T]."""
        return self.project_out(self._codebook.decode(codes)).transpose(1, 2)


class ResidualVectorQuantization(nn.Module):
    """Layers of `VectorQuantization`, each for what the layers before it left over."""

    def __init__(
        self,
        num_quantizers: int = 8,
        *,
        dim: int,
        codebook_size: int,
        codebook_dim: int | None = None,
        decay: float = 0.99,
        epsilon: float = 1e-5,
        kmeans_init: bool = True,
        kmeans_iters: int = 50,
        threshold_ema_dead_code: float = 2.0,
        commitment_weight: float = 1.0,
    ) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            VectorQuantization(
                dim,
                codebook_size,
                codebook_dim,
                decay,
                epsilon,
                kmeans_init,
                kmeans_iters,
                threshold_ema_dead_code,
                commitment_weight,
            )
            for _ in range(num_quantizers)
        )

    def forward(
        self, x: Tensor, n_q: int | None = None, layers: Collection[int] | None = None
    ) -> tuple[Tensor, Tensor, Tensor, list[Tensor]]:
        """[B, D, T] -> sum of the first `n_q` layers [B, D, T], codes [n_q, B, T], losses [n_q, 1], and the quantised
        parts [B, D, T] of those layers that `layers` names.
        """
        total, residual = torch.zeros_like(x), x
        codes, losses, parts = [], [], []
        for i, layer in enumerate(self._first(n_q)):
            quantized, index, loss = layer(residual)
            residual = residual - quantized
            total = total + quantized
            codes.append(index)
            losses.append(loss)
            if layers and i in layers:
                parts.append(quantized)
        return total, torch.stack(codes), torch.stack(losses), parts

    def encode(self, x: Tensor, n_q: int | None = None, st: int = 0) -> Tensor:
        """[B, D, T] -> codes [n, B, T] of layers `st` to `n_q - 1`; `x` is what layer `st` is to code."""
        residual, codes = x, []
        for layer in self._first(n_q)[st:]:
            index = layer.encode(residual)
            residual = residual - layer.decode(index)
            codes.append(index)
        return torch.stack(codes)

    def decode(self, codes: Tensor, st: int = 0) -> Tensor:
        """Codes [n, B, T] of layers `st`, `st + 1`, ... -> the sum of their codewords [B, D, T]."""
        parts = [layer.decode(index) for layer, index in zip(self._first(st + len(codes))[st:], codes, strict=True)]
        return torch.stack(parts).sum(dim=0)

    def _first(self, n_q: int | None) -> list[VectorQuantization]:
        return [layer for layer in self.layers[:n_q] if isinstance(layer, VectorQuantization)]


class ResidualVectorQuantizer(nn.Module):
    """The quantiser of a checkpoint: `n_q` layers of `bins` codes, under the key `vq`."""

    def __init__(
        self,
        dimension: int = 256,
        n_q: int = 8,
        bins: int = 1024,
        decay: float = 0.99,
        kmeans_init: bool = True,
        kmeans_iters: int = 50,
        threshold_ema_dead_code: float = 2.0,
    ) -> None:
        super().__init__()
        self.n_q = n_q
        self.vq = ResidualVectorQuantization(
            n_q,
            dim=dimension,
            codebook_size=bins,
            decay=decay,
            kmeans_init=kmeans_init,
            kmeans_iters=kmeans_iters,
            threshold_ema_dead_code=threshold_ema_dead_code,
        )

    def forward(
        self, x: Tensor, n_q: int | None = None, layers: Collection[int] | None = None
    ) -> tuple[Tensor, Tensor, Tensor, list[Tensor]]:
        """[B, D, T] -> quantised [B, D, T], codes [n_q, B, T], mean loss [], parts of `layers`; see the inner layers.

        Raises ValueError where `layers` names one that is not among the first `n_q`.
        """
        used = self.n_q if n_q is None else n_q
        if layers and max(layers) >= used:
            raise ValueError(f"layer {max(layers)} is asked for, but only {used} layers are used")
        quantized, codes, losses, parts = self.vq(x, used, layers)
        return quantized, codes, losses.mean(), parts

    def encode(self, x: Tensor, n_q: int | None = None, st: int = 0) -> Tensor:
        """[B, D, T] -> codes [n, B, T] of layers `st` to `n_q - 1`."""
        return self.vq.encode(x, self.n_q if n_q is None else n_q, st)

    def decode(self, codes: Tensor, st: int = 0) -> Tensor:
        """Codes [n, B, T] of layers `st`, `st + 1`, ... -> [B, D, T]."""
        return self.vq.decode(codes, st)
