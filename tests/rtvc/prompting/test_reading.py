import re

import numpy as np
import pytest
import soundfile

from rtvc.demo import RECORDING
from rtvc.prompting.sentences import Reading, all_sentences
from rtvc.prompting.take import judge

SPEECH, RATE = soundfile.read(RECORDING, dtype="float32")


def test_sentences_are_sixty_different_ones_with_every_letter():
    sentences = all_sentences()

    assert len(set(sentences)) == 60
    assert set(re.sub("[^a-z]", "", " ".join(sentences).lower())) == set("abcdefghijklmnopqrstuvwxyz")
    assert all(6 <= len(sentence.split()) <= 14 for sentence in sentences)


def test_reading_goes_on_where_it_stopped(tmp_path):
    reading = Reading(tmp_path / "takes")
    reading.keep(1, SPEECH, RATE)
    reading.keep(3, SPEECH, RATE)

    again = Reading(tmp_path / "takes")

    assert (again.unread(), again.unread(2), again.count) == (2, 4, 2)
    assert again.seconds == pytest.approx(2 * len(SPEECH) / RATE, abs=0.1)


@pytest.mark.parametrize(
    ("samples", "fault"),
    [
        (SPEECH, ""),
        (0.02 * SPEECH, "too quiet"),
        (np.clip(20 * SPEECH, -1, 1), "clipped"),
        (np.zeros(0, np.float32), "nothing was heard"),
        (np.zeros(RATE, np.float32), "too quiet"),
        (SPEECH[: RATE // 2], "read the whole sentence"),
        (SPEECH + 0.03 * np.random.default_rng(0).standard_normal(len(SPEECH)), "quieter place"),
    ],
)
def test_takes_are_judged(samples, fault):
    assert fault in judge(samples, RATE).fault
    assert bool(fault) == bool(judge(samples, RATE).fault)
