"""Running statistics are those of all that was heard, until the memory fades."""

import pytest
import torch
from torch import Tensor

from models.channel_statistics import RunningStatistics, StreamStatistics
from models.hubert import ChannelStatistics


def of(x: Tensor) -> ChannelStatistics:
    variance, mean = torch.var_mean(x, dim=-1, correction=0)
    return ChannelStatistics(mean, variance)


def close(found: ChannelStatistics | None, wanted: ChannelStatistics, tolerance: float = 1e-5) -> None:
    assert found is not None
    torch.testing.assert_close(found.mean, wanted.mean, atol=tolerance, rtol=0)
    torch.testing.assert_close(found.variance, wanted.variance, atol=tolerance, rtol=0)


def test_pieces_join_to_the_statistics_of_the_whole() -> None:
    torch.manual_seed(0)
    x, running = torch.randn(4, 1200) + torch.arange(4.0)[:, None], RunningStatistics(memory=100.0)

    for piece in x.split([100, 500, 600], dim=-1):
        running.update(of(piece), piece.shape[-1] / 100)

    close(running.statistics, of(x))
    assert running.heard == 12.0


def test_the_memory_fades() -> None:
    loud, quiet = ChannelStatistics(torch.zeros(2), torch.full((2,), 4.0)), of(torch.zeros(2, 9))
    running = RunningStatistics(memory=5.0, start=loud)

    for _ in range(50):
        running.update(quiet, 0.1)

    assert running.statistics is not None
    torch.testing.assert_close(running.statistics.variance, torch.full((2,), 4.0 * 0.98**50))


def test_a_piece_longer_than_the_memory_replaces_it() -> None:
    running = RunningStatistics(memory=1.0, start=of(torch.randn(2, 50)))
    piece = of(torch.randn(2, 80))

    running.update(piece, 3.0)

    close(running.statistics, piece)


def test_modes_give_what_they_say() -> None:
    start, piece = of(torch.randn(3, 40)), of(torch.randn(3, 40))
    streams = {mode: StreamStatistics(mode, start) for mode in ("utterance", "window", "running", "frozen")}

    for stream in streams.values():
        stream.update(piece, 1.0)

    assert streams["utterance"].current is None
    assert streams["window"].current is None
    close(streams["frozen"].current, start)
    assert streams["running"].current is not None
    assert not torch.equal(streams["running"].current.mean, start.mean)
    assert StreamStatistics("running").current is None
    with pytest.raises(ValueError, match="need those they are frozen at"):
        StreamStatistics("frozen")
