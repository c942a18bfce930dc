import numpy as np
import pytest
import soundfile

from models.base import Param, StreamSpec
from models.passthrough import PassthroughModel, PassthroughStage
from rtvc.convert import FileConverter, check_model_values
from rtvc.errors import RtvcError
from rtvc.recordings import Job


class Listener:
    """A voice that wants to hear a whole recording first, and whose gain is what it heard."""

    input_rate, output_rate, hop = 16000, 16000, 320
    params = (Param("gain_db", "Gain", -24.0, 24.0, 0.0),)
    remembered = ("talker_hz",)

    def listen(self, samples):
        assert isinstance(samples, np.ndarray) and samples.ndim == 1
        self.heard = len(samples)
        return {"talker_hz": 123.0}

    def open(self, spec, values):
        self.values = values
        return [PassthroughStage(values, 0)]


def convert(model, path, **values):
    job = Job(path, path.with_name("out.wav"))
    return FileConverter(model, StreamSpec(hop=0.2), values).convert(job, lambda part: None)


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "in.wav"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 44100), 44100)
    return path


def test_voice_that_listens_hears_the_whole_recording_first(recording):
    model = Listener()

    convert(model, recording)

    assert model.heard == 16000
    assert model.values["talker_hz"] == 123.0


def test_told_talker_goes_before_the_heard_one(recording):
    model = Listener()

    convert(model, recording, talker_hz=99.0)

    assert model.values["talker_hz"] == 99.0


def test_failure_of_the_voice_is_told(recording):
    class Broken(PassthroughModel):
        def open(self, spec, values):
            class Stage(PassthroughStage):
                def push(self, x):
                    return super().push(x) * np.float32("nan")

            return [Stage(values, 0)]

    notes = convert(Broken(), recording)

    assert any("the voice failed at" in note for note in notes)
    assert np.all(np.isfinite(soundfile.read(recording.with_name("out.wav"))[0]))


def test_progress_adds_up_to_one_recording(recording):
    parts = []
    job = Job(recording, recording.with_name("out.wav"))

    FileConverter(PassthroughModel(), StreamSpec(), {}).convert(job, parts.append)

    assert sum(parts) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"gain": 1.0}, r"no control 'gain'; did you mean gain_db\?"),
        ({"gain_db": 99.0}, "gain_db is 99, it must be from -24 to 24 dB"),
    ],
)
def test_value_that_the_voice_does_not_have_is_refused(values, expected):
    with pytest.raises(RtvcError, match=expected):
        check_model_values(PassthroughModel(), values)
