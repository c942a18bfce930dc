import time

import pytest

from rtvc.port import HungError
from rtvc.streams import SoundStream


class FakeStream:
    """A stream of PortAudio's; closing it takes a while."""

    latency = 0.02

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.is_closed = False

    def start(self) -> None:
        pass

    def abort(self, ignore_errors: bool) -> None:
        time.sleep(self.seconds)

    def close(self, ignore_errors: bool) -> None:
        self.is_closed = True


def test_stream_is_closed() -> None:
    stream, inner = SoundStream(), FakeStream()
    stream.take(inner)

    stream.close()

    assert inner.is_closed


def test_stream_that_blocks_on_closing_is_not_waited_for() -> None:
    stream = SoundStream()
    stream.take(FakeStream(seconds=5.0))

    with pytest.raises(HungError):
        stream.close()


def test_stream_that_never_opened_needs_no_closing() -> None:
    SoundStream().close()


def test_wait_is_the_library_s_word_until_blocks_tell_better() -> None:
    stream = SoundStream()
    stream.take(FakeStream())
    before = stream.wait

    for wait in (0.03, 0.03, -1.0, 1e6, 0.03):
        stream.note_wait(wait)

    assert before == 0.02
    assert stream.wait == pytest.approx(0.03)
