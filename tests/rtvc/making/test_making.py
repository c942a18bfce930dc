import numpy as np
import pytest
import soundfile

from rtvc.demo import RECORDING
from rtvc.errors import VoiceError
from rtvc.making.home import NOTHING, Making, Wish
from rtvc.making.scoring import HeldBack, score
from rtvc.making.start import nearest_voice, open_start, retuned
from rtvc.making.training import Plateau
from rtvc.training.views import views_of
from rtvc.voice_making import Paused, look

SPEECH = soundfile.read(RECORDING, dtype="float32")[0]


@pytest.fixture(scope="module")
def start():
    return open_start(nearest_voice(112.0))


@pytest.mark.parametrize(("hertz", "name"), [(80.0, "ls78"), (118.0, "bdl"), (170.0, "slt"), (174.0, "slt")])
def test_the_shipped_voice_nearest_in_pitch_is_the_start(hertz, name):
    assert nearest_voice(hertz).name == name
    assert nearest_voice(hertz, NOTHING).name == name
    assert nearest_voice(hertz, "slt").name == "slt"


def test_an_unknown_start_is_refused():
    with pytest.raises(VoiceError, match="did you mean slt"):
        nearest_voice(100.0, "slr")


def test_a_started_generator_keeps_its_weights_and_takes_the_new_range(start):
    made = retuned(start.generator, 140.0, 16000)

    assert made.config.mean_hz == 140.0
    assert made.enter.weight.equal(start.generator.enter.weight)
    assert made.enter.weight.data_ptr() != start.generator.enter.weight.data_ptr()


def test_a_loss_that_falls_no_more_ends_the_training():
    plateau = Plateau()

    falling = [plateau.is_reached(60.0 * i, 2.0 - 0.05 * i) for i in range(1, 7)]
    level = [plateau.is_reached(360.0 + 60.0 * i, 1.699) for i in range(1, 3)]

    assert falling == [False] * 6
    assert level == [False, True]


def test_a_change_of_the_training_gives_it_new_time():
    plateau = Plateau(best=1.0, since=0.0)

    plateau.reset(300.0)

    assert [plateau.is_reached(300.0 + 60 * i, 1.5) for i in range(3)] == [False, False, True]


def test_a_wish_is_read_back(tmp_path):
    making = Making(tmp_path / "anna")
    wish = Wish("anna", "Anna", "Anna, who agreed", ("/a.wav",), 5.0)

    making.begin(wish)

    assert making.is_begun and making.wish == wish
    (tmp_path / "anna" / "wish.json").write_text("{")
    with pytest.raises(VoiceError, match="begin anew"):
        _ = making.wish
    making.discard()
    assert not making.is_begun


def test_scores_lie_between_the_reader_and_the_speaker(start):
    times = np.arange(0, len(SPEECH), 1.3)
    other = np.interp(times, np.arange(len(SPEECH)), SPEECH).astype(np.float32)
    half = len(other) // 2

    as_he_is = score(start.frozen, 2, SPEECH, SPEECH, other[:half], other[half:], 0.0)
    as_the_other = score(start.frozen, 2, SPEECH[: len(other)], other, other[:half], other[half:], 0.0)

    assert as_he_is.likeness == 0.0 and as_the_other.likeness > 0.9
    assert as_he_is.melody == pytest.approx(1.0) and as_he_is.phones == 1.0
    assert as_the_other.phones < 0.5


def test_held_back_loss_is_the_same_every_time_and_lower_for_a_trained_generator(start):
    views = views_of([SPEECH], start.frozen, 2, count=2)
    held_back = HeldBack(views, start.frozen[1], "cpu")
    untrained = type(start.generator)(start.generator.config)

    losses = [held_back.loss(start.generator) for _ in range(2)]

    assert losses[0] == losses[1] < held_back.loss(untrained)


class Impatient:
    """Cancels at once."""

    def reach(self, words, part):
        pass

    def hear(self, preview, minutes, loss):
        pass

    def is_cancelled(self):
        return True


def test_work_pauses_when_its_listener_wants_it(tmp_path):
    wish = Wish("anna", "Anna", "Anna, who agreed", (str(RECORDING),))

    with pytest.raises(Paused):
        look(Making(tmp_path / "anna"), wish, Impatient())
