"""Fitting of the residual codebooks on content vectors of many speakers."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from models.content import STEP, ContentEncoder
from rtvc.training import augment
from rtvc.training.corpus import Corpus

COUNT, SIZE = 8, 1024


class Books:
    """Residual codebooks [K, N, D]: every book codes what the ones before it left over."""

    def __init__(self, tables: Tensor) -> None:
        self.tables = tables

    def encode(self, content: Tensor) -> Tensor:
        """Content [B, T, D] -> codes [B, K, T] (int16)."""
        rest, codes = content, []
        for table in self.tables:
            index = nearest(rest.flatten(0, 1), table).view(content.shape[:2])
            codes.append(index)
            rest = rest - table[index]
        return torch.stack(codes, dim=1).to(torch.int16)

    def decode(self, codes: Tensor) -> Tensor:
        """Codes [k, T] of the first k books -> content [T, D]."""
        return torch.stack([self.tables[i][row.long()] for i, row in enumerate(codes)]).sum(0)


def nearest(vectors: Tensor, table: Tensor) -> Tensor:
    """Index of the closest row of `table` [N, D] for each vector [M, D]."""
    return (table.square().sum(-1) - 2 * vectors @ table.T).argmin(-1)


def sample_content(corpus: Corpus, encoder: ContentEncoder, look_ahead: int, count: int = 420, seed: int = 0) -> Tensor:
    """Content of recordings of all training sets, each with a random vocal tract and microphone [M, D]."""
    rng = np.random.default_rng(seed)
    bases = augment.warped_bases()
    found = []
    for name in ("arctic", "libri_tc100", "libri_long", "crowd_intents"):
        group = [u for u in corpus.utterances if u.set == name and u.split != "dev"]
        for utterance in group[:: max(1, 4 * len(group) // count)]:
            frames = utterance.length // STEP
            samples = torch.from_numpy(corpus.samples(utterance, 0, frames * STEP))[None]
            with torch.inference_mode():
                samples = augment.set_level(augment.colour(samples, rng), rng, -34.0, -14.0)
                mel = encoder.mel(samples, bases[augment.draw_warps(rng, 1)])
                found.append(encoder.features(mel, look_ahead)[0])
    return torch.cat(found)


def fit_books(content: Tensor, iterations: int = 15, seed: int = 0) -> tuple[Books, list[float]]:
    """K-means for each book on the rest of the books before; also the variance left after each, in %."""
    generator = torch.Generator().manual_seed(seed)
    rest, tables, left = content.clone(), [], []
    total = content.var(dim=0).sum()
    for _ in range(COUNT):
        table = rest[torch.randperm(len(rest), generator=generator)[:SIZE]].clone()
        for _ in range(iterations):
            index = nearest(rest, table)
            sums = torch.zeros_like(table).index_add_(0, index, rest)
            members = torch.bincount(index, minlength=SIZE)[:, None]
            table = torch.where(members > 0, sums / members.clamp(min=1), table)
        rest = rest - table[nearest(rest, table)]
        tables.append(table)
        left.append(round(100 * float(rest.var(dim=0).sum() / total), 1))
    return Books(torch.stack(tables)), left


def save_books(books: Books, path: Path) -> None:
    """Store the tables beside a run."""
    torch.save(books.tables, path)


def load_books(path: Path) -> Books:
    """Read tables stored by `save_books`."""
    return Books(torch.load(path, weights_only=True))
