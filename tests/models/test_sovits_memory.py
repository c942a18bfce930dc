"""A SoVITS voice whose content network runs out of memory goes on with less, and says so; a long one stays small."""

from typing import Any

import pytest
import torch
from torch import Tensor

from models.base import StreamSpec
from models.sovits import SovitsVoice, text_of
from models.sovits_content import ContentSource, HubertContent
from models.sovits_stream import CODE, SovitsStage
from models.tensor_stage import TensorStage
from rtvc.engine import Engine
from tests.small_sovits import SIZES, small_content, small_model

SPEC = StreamSpec(0.16, 2.0, 0.08, 0.02)


class ShortOfMemory:
    """A content network in whose windows only so many frames have room, and none at all after `full_after` of them."""

    def __init__(self, inner: HubertContent, room: int = 10_000, full_after: int = 10_000, failures: int = 0) -> None:
        self.inner, self.room, self.full_after, self.failures = inner, room, full_after, failures
        self.channels = inner.channels

    def whole(self, samples: Tensor) -> Tensor:
        return self.inner.whole(samples)

    def open(self, keep: int, dtype: torch.dtype = torch.float32, integers: bool = False) -> ContentSource:
        source: Any = self.inner.open(keep, dtype, integers)
        heard = source.window

        def window(first: int, end: int) -> Tensor:
            self.failures -= 1
            if end - first > self.room or end > self.full_after or self.failures >= 0:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 MiB")
            found: Tensor = heard(first, end)
            return found

        source.window = window
        return source


def voice(content: object) -> SovitsVoice:
    model = small_model()
    style = torch.randn(1, SIZES.gin_channels, 1, generator=torch.Generator().manual_seed(8))
    return SovitsVoice(model, content, style, text_of(model, "const"))  # type: ignore[arg-type]


def opened(content: object) -> SovitsStage:
    (stage,) = voice(content).open(SPEC, {"noise_scale": 0.5, "bypass": 0.0})
    assert isinstance(stage, TensorStage) and isinstance(stage.inner, SovitsStage)
    return stage.inner


def tone(codes: int) -> Tensor:
    return 0.2 * torch.sin(2 * torch.pi * 300 / 16000 * torch.arange(codes * CODE))


def test_one_shortage_changes_nothing_but_is_told() -> None:
    sound = tone(40)[None, None]
    stage = opened(ShortOfMemory(small_content(), failures=1))

    made = stage.push(sound)

    assert torch.equal(made, opened(small_content()).push(sound))
    assert stage.remarks == ("memory was short: its caches were emptied",)


def test_shorter_past_is_heard_where_the_long_one_has_no_room() -> None:
    stage = opened(ShortOfMemory(small_content(), room=70))

    made = stage.push(tone(100)[None, None])

    assert made.shape[-1] == 2 * 100 * CODE - round(stage.delay * 32000)
    assert [remark.partition(": ")[2] for remark in stage.remarks] == [
        "its caches were emptied",
        "it hears less of the past",
    ]
    assert float(made[..., -3 * CODE :].std()) > 0


def test_with_no_room_at_all_the_input_passes_through() -> None:
    sound = tone(100)
    stage = opened(ShortOfMemory(small_content(), full_after=100))

    made = stage.push(sound[None, None])[0, 0]

    assert len(made) == 2 * 100 * CODE - round(stage.delay * 32000)
    expected = 0.2 * torch.sin(2 * torch.pi * 300 / 32000 * torch.arange(len(made)))
    torch.testing.assert_close(made[-40 * CODE :], expected[-40 * CODE :], atol=2e-3, rtol=0)
    assert any("passes through" in remark for remark in stage.remarks)


def test_change_to_the_input_has_no_click() -> None:
    made = opened(ShortOfMemory(small_content(), full_after=100)).push(tone(100)[None, None])[0, 0]
    steps = made.diff().abs()

    steepest = 0.2 * 2 * torch.pi * 300 / 32000
    assert float(steps[100 * 640 - 5 * 1280 :].max()) < 1.05 * steepest


def test_new_stream_tries_the_voice_again() -> None:
    content = ShortOfMemory(small_content(), full_after=0)
    stage = opened(content)
    passed = stage.push(tone(40)[None, None])
    content.full_after = 10_000
    stage.reset()

    assert not torch.allclose(stage.push(tone(40)[None, None]), passed)


def test_engine_hands_the_remarks_on() -> None:
    engine = Engine(voice(ShortOfMemory(small_content(), failures=1)), 16000, 32000, SPEC)
    engine.process(tone(40).numpy())

    assert engine.remarks == ("memory was short: its caches were emptied",)


def held(thing: object, seen: set[int]) -> int:
    """Numbers in all tensors and lists that a stream owns, however deep; networks are not its own."""
    if id(thing) in seen or isinstance(thing, torch.nn.Module):
        return 0
    seen.add(id(thing))
    if isinstance(thing, Tensor):
        return thing.untyped_storage().nbytes()
    if isinstance(thing, list | tuple):
        return len(thing) + sum(held(one, seen) for one in thing)
    return sum(held(one, seen) for one in getattr(thing, "__dict__", {}).values())


@pytest.mark.parametrize("hop", [0.08, 0.32])
def test_a_minute_holds_no_more_than_its_beginning(hop: float) -> None:
    (stage,) = voice(small_content()).open(StreamSpec(hop, 0.6, 0.08, 0.02), {"noise_scale": 0.5})
    stage = stage.inner
    generator = torch.Generator().manual_seed(0)
    sizes = []
    for second in range(64):
        loudness = 0.1 if second % 7 < 4 else 0.0
        stage.push(loudness * torch.randn(1, 1, 16000, generator=generator)[..., : 25 * CODE])
        if second % 8 == 7:  # whole hops of either size
            sizes.append(held(stage, set()))

    assert max(sizes[3:]) <= max(sizes[:3])
