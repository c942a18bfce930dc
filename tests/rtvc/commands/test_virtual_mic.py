import json

import pytest
import soundfile

from rtvc.virtual_mic.owning import remove
from tests.rtvc.commands.toys import make_speech


@pytest.fixture(autouse=True)
def clean(server):
    remove()
    yield
    remove()


def test_make_status_and_remove_tell_how_things_stand(rtvc, server):
    made = rtvc("virtual-mic", "make", "--json")
    assert made.code == 0, made.err
    told = json.loads(made.out)
    assert told["is_there"] and told["probe"]["is_heard"], told
    assert (told["output"], told["microphone"]) == ("rtvc_virtual_out", "rtvc_virtual_mic")

    status = rtvc("virtual-mic")
    assert "'rtvc microphone'" in status.out

    removed = rtvc("virtual-mic", "remove")
    assert "removed" in removed.out
    assert "there is no virtual microphone" in rtvc("virtual-mic").out
    assert "there was none" in rtvc("virtual-mic", "remove").out


def test_no_server_is_told_in_a_sentence(rtvc, server, monkeypatch):
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    monkeypatch.setattr("rtvc.devices._library_devices", tuple)

    answer = rtvc("virtual-mic", "make")

    assert answer.code == 1
    assert "sound server" in answer.sentence


def test_session_speaks_into_one_that_is_made_for_it_and_goes_with_it(rtvc, server, tmp_path):
    speech = tmp_path / "speech.wav"
    soundfile.write(speech, make_speech(1.0, 48000), 48000)

    answer = rtvc("run", "--voice", "toy", "--input", speech, "--virtual-mic", "--record", tmp_path / "played.wav")

    assert answer.code == 0, answer.err
    assert abs(soundfile.read(tmp_path / "played.wav")[0]).max() > 0.1
    assert "rtvc_virtual_out" not in server.control("list", "short", "sinks")


def test_two_outputs_are_one_too_many(rtvc, server):
    answer = rtvc("run", "--voice", "toy", "--virtual-mic", "--output", "rtvc_out")

    assert answer.code == 1
    assert "--monitor" in answer.sentence
