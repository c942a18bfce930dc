"""Fitting of the residual codebooks on content vectors of many speakers."""

import numpy as np
import torch
from torch import Tensor

from models.content import ContentEncoder
from models.content_sizes import STEP
from models.live import BOOK_SIZE, BOOKS
from models.rvq import EuclideanCodebook, ResidualVectorQuantizer, VectorQuantization, kmeans
from rtvc.training import augment
from rtvc.training.corpus import Corpus
from rtvc.training.views import draw_look_aheads

SETS = ("arctic", "libri_tc100", "libri_long", "crowd_intents")
MOST_VECTORS = 40_000
ITERATIONS = 12


def sample_content(corpus: Corpus, encoder: ContentEncoder, count: int = 420, seed: int = 0) -> Tensor:
    """Content of about `count` recordings, each with a random vocal tract, microphone and look-ahead [M, D]."""
    rng = np.random.default_rng(seed)
    bases = augment.warped_bases()
    found = []
    for name in SETS:
        group = [u for u in corpus.utterances if u.set == name and u.split != "dev"]
        for utterance in group[:: max(1, len(SETS) * len(group) // count)]:
            frames = utterance.length // STEP
            samples = torch.from_numpy(corpus.samples(utterance, 0, frames * STEP))[None]
            with torch.inference_mode():
                samples = augment.set_level(augment.colour(samples, rng), rng, -34.0, -14.0)
                mel = encoder.mel(samples, bases[augment.draw_warps(rng, 1)])
                found.append(encoder.features(mel, *draw_look_aheads(rng, 1))[0])
    return torch.cat(found)


def fit_books(content: Tensor, seed: int = 0) -> tuple[ResidualVectorQuantizer, list[float]]:
    """Make the books of a live voice from content [M, D]; see `residual_books` for what else is returned."""
    quantizer = ResidualVectorQuantizer(dimension=content.shape[1], n_q=BOOKS, bins=BOOK_SIZE).eval()
    return quantizer, residual_books(quantizer, content, seed)


def residual_books(quantizer: ResidualVectorQuantizer, vectors: Tensor, seed: int = 0) -> list[float]:
    """Make each book from clusters of what the books before it leave over of vectors [M, D].

    Returns the share of the variance that is left after each book, in %.
    """
    torch.manual_seed(seed)
    rest = vectors[torch.randperm(len(vectors))[:MOST_VECTORS]].clone()
    total = rest.var(dim=0).sum()
    left = []
    for book in books_of(quantizer):
        means, counts = kmeans(rest, len(book.embed), ITERATIONS)
        book.embed.copy_(means)
        book.embed_avg.copy_(means * counts[:, None])
        book.cluster_size.copy_(counts)
        book.inited.fill_(1.0)
        rest = rest - book.decode(book.encode(rest))
        left.append(round(100 * float(rest.var(dim=0).sum() / total), 1))
    return left


def books_of(quantizer: ResidualVectorQuantizer) -> list[EuclideanCodebook]:
    """The codebooks in their order."""
    layers = [layer for layer in quantizer.vq.layers if isinstance(layer, VectorQuantization)]
    return [layer._codebook for layer in layers]
