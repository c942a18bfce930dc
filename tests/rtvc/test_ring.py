import multiprocessing
from collections.abc import Iterator

import numpy as np
import pytest

from rtvc.ring import Ring


@pytest.fixture
def ring() -> Iterator[Ring]:
    ring = Ring.create(100)
    yield ring
    ring.close()


def count_up(start: int, length: int) -> np.ndarray:
    return np.arange(start, start + length, dtype=np.float32)


def write_many(name: str, total: int) -> None:
    ring, done = Ring.attach(name), 0
    while done < total:
        piece = count_up(done, min(37, total - done))
        done += len(piece) - ring.write(piece)
    ring.close()


def test_samples_come_out_in_order_across_the_end_of_the_memory(ring: Ring) -> None:
    heard = []

    for start in range(0, 700, 70):
        ring.write(count_up(start, 70))
        out = np.zeros(70, np.float32)
        ring.read_into(out)
        heard.append(out)

    np.testing.assert_array_equal(np.concatenate(heard), count_up(0, 700))


def test_what_does_not_fit_is_lost_and_counted(ring: Ring) -> None:
    lost = [ring.write(count_up(0, 80)), ring.write(count_up(80, 80))]

    out = np.zeros(100, np.float32)
    ring.read_into(out)
    assert lost == [0, 160 - ring.capacity]
    np.testing.assert_array_equal(out, count_up(0, 100))


def test_what_is_not_there_is_late_and_leaves_the_rest_untouched(ring: Ring) -> None:
    ring.write(count_up(1, 3))
    out = np.full(5, -1, np.float32)

    late = ring.read_into(out)

    assert late == 2
    assert out.tolist() == [1, 2, 3, -1, -1]


def test_peeking_takes_nothing_and_skipping_takes_what_there_is(ring: Ring) -> None:
    ring.write(count_up(0, 10))
    out = np.zeros(4, np.float32)

    assert ring.peek_into(out) == 4
    assert ring.fill == 10
    assert ring.skip(8) == 8
    assert ring.skip(8) == 2
    assert ring.fill == 0


def test_a_second_process_reads_what_the_first_writes_without_loss() -> None:
    ring, total = Ring.create(256), 20_000
    writer = multiprocessing.get_context("spawn").Process(target=write_many, args=(ring.name, total))
    heard = np.zeros(total, np.float32)

    writer.start()
    done = 0
    while done < total and (writer.is_alive() or ring.fill):
        wanted = heard[done : done + 50]
        done += len(wanted) - ring.read_into(wanted)
    writer.join(30)

    np.testing.assert_array_equal(heard, count_up(0, total))
    ring.close()


def test_closed_ring_is_gone_for_others() -> None:
    ring = Ring.create(10)
    name = ring.name

    ring.close()
    ring.close()

    with pytest.raises(FileNotFoundError):
        Ring.attach(name)
