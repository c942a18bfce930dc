import numpy as np
import pytest
import soundfile

from rtvc.demo import RECORDING
from rtvc.errands.errand import Errand
from rtvc.resample import Resampler
from tests.pulse_server import RATE, missing_programs, pulse_server

pytestmark = pytest.mark.skipif(bool(missing_programs()), reason=f"no {', '.join(missing_programs())} on this machine")


def test_sentence_is_recorded_judged_and_kept(tmp_path, monkeypatch):
    speech = soundfile.read(RECORDING, dtype="float32")[0][:48000]
    resampler, told = Resampler(16000, RATE), []
    with pulse_server(tmp_path / "pulse") as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        player = server.play(np.concatenate([resampler.push(speech), resampler.flush()]))
        errand = Errand("rtvc.errands.reading:read", tmp_path / "takes", "rtvc_mic")

        def hear(message):
            told.append(message)
            levels = sum(one[0] == "level" for one in told)
            if message[0] == "sentences":
                errand.ask("record", 2)
            elif message[0] == "take":
                errand.cancel()
            elif levels == 80:
                errand.ask("finish")

        count, seconds = errand.follow(hear)
        player.stop()

    kind, number, fault, length, read = told[-1]
    assert told[0][0] == "sentences" and told[0][2:] == (1, 0) and len(told[0][1]) >= 60
    assert (kind, number, fault, read, count) == ("take", 2, "", 1, 1)
    assert (tmp_path / "takes" / "002.flac").is_file() and abs(length - seconds) < 0.01
    assert max(one[1] for one in told if one[0] == "level") > 0.05
