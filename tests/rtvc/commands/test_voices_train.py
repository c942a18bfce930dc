import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rtvc.demo import RECORDING
from rtvc.library import default_library

CONSENT = ("--consent", "Anna Berg, who agreed")
TINY = ("--minutes", "0.03", "--threads", "1")


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    folder = tmp_path / "recordings"
    folder.mkdir()
    samples = np.pad(soundfile.read(RECORDING, dtype="float32")[0], (8000, 8000))
    soundfile.write(folder / "one.flac", np.tile(samples, 3), 16000)
    soundfile.write(folder / "two.wav", samples, 16000)
    return folder


def test_recordings_become_a_voice_with_consent_and_scores(rtvc, home, speech):
    answer = rtvc("voices", "train", "anna", speech, *CONSENT, *TINY)

    assert answer.code == 0, answer.err
    assert "anna is a voice now" in answer.out and "likeness" in answer.out
    voice = default_library().get("anna")
    assert voice.card["consent"]["whose"] == "Anna Berg, who agreed" and voice.card["consent"]["agreed"]
    assert voice.card["made_of"]["recordings"] == 2 and "flac" not in str(voice.card)
    assert 100 < voice.card["mean_hz"] < 140
    assert {"likeness", "melody", "phones"} < set(voice.card["quality"][0])
    assert "from that of bdl" in voice.card["log"][0]
    assert not (home / "rtvc" / "making" / "anna").exists()
    assert rtvc("convert", RECORDING, home / "out.wav", "--voice", "anna").code == 0


def test_recordings_of_a_wider_band_become_a_voice_of_a_higher_rate(rtvc, home, speech):
    samples, _ = soundfile.read(speech / "one.flac", dtype="float32")
    soundfile.write(speech / "fast.wav", np.tile(samples, 2)[: 38 * 24000], 24000)

    answer = rtvc("voices", "train", "anna", speech / "fast.wav", *CONSENT, *TINY)

    assert answer.code == 0, answer.err
    assert "24 kHz, for most of the speech reaches" in answer.out
    card = default_library().get("anna").card
    assert (card["input_rate"], card["output_rate"]) == (16000, 24000)
    assert "generator of 24 kHz from that of" in card["log"][0]
    assert rtvc("convert", RECORDING, home / "out.wav", "--voice", "anna").code == 0
    assert soundfile.info(home / "out.wav").samplerate == 24000


def test_a_wished_rate_is_taken(rtvc, speech):
    answer = rtvc("voices", "train", "anna", speech, "--rate", "32000", "--check")
    refused = rtvc("voices", "train", "anna", speech, "--rate", "22050", "--check")

    assert answer.code == 0 and "32 kHz as wished" in answer.out and "for which 16 kHz serve" in answer.out
    assert refused.code == 2 and "invalid choice: 22050" in refused.sentence


def test_without_consent_nothing_is_made(rtvc, home, speech):
    answer = rtvc("voices", "train", "anna", speech)

    assert answer.code == 2
    assert "nobody agreed" in answer.sentence
    assert not (home / "rtvc" / "making").exists()


def test_check_tells_and_keeps_nothing(rtvc, home, speech):
    answer = rtvc("voices", "train", "anna", speech, "--check", "--json")

    told = json.loads(answer.out)
    assert answer.code == 0
    assert 30 < told["training_s"] + told["held_back_s"] < 50
    assert "a try" in told["expectation"] and any("to learn from" in one for one in told["warnings"])
    assert not (home / "rtvc" / "making").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["{speech}/none.wav"], "no file or folder"),
        (["{speech}/empty"], "no recording in this folder"),
        (["{speech}/bad.wav"], "cannot be read as audio"),
        (["{speech}/silent.wav"], "holds no speech"),
        ([], "not in the making"),
    ],
)
def test_bad_recordings_are_one_sentence(rtvc, speech, words, sentence):
    (speech / "empty").mkdir()
    (speech / "bad.wav").write_bytes(b"nothing")
    soundfile.write(speech / "silent.wav", np.zeros(40 * 16000), 16000)

    answer = rtvc("voices", "train", "anna", *[word.format(speech=speech) for word in words], *CONSENT, *TINY)

    assert answer.code == 1
    assert sentence in answer.sentence


def test_a_taken_name_is_refused_before_any_work(rtvc, speech):
    answer = rtvc("voices", "train", "slt", speech, *CONSENT)

    assert answer.code == 1
    assert "there is a voice slt already" in answer.sentence


def begun(speech: Path, home: Path) -> subprocess.Popen[bytes]:
    """A training in a process of its own that has taken some steps."""
    words = ["voices", "train", "anna", str(speech), *CONSENT, "--minutes", "60", "--threads", "1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "rtvc.cli", *words], stderr=subprocess.PIPE, env=os.environ.copy()
    )
    log = home / "rtvc" / "making" / "anna" / "log.jsonl"
    size = log.stat().st_size if log.exists() else 0
    deadline = time.monotonic() + 150
    while not log.exists() or log.stat().st_size == size:
        assert process.poll() is None, process.stderr and process.stderr.read().decode()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return process


def steps(home: Path) -> int:
    log = home / "rtvc" / "making" / "anna" / "log.jsonl"
    return int(json.loads(log.read_text().splitlines()[-1])["step"])


def test_a_killed_and_an_interrupted_training_go_on(rtvc, home, speech):
    (speech / "two.wav").unlink()
    killed = begun(speech, home)
    killed.kill()
    killed.wait(30)
    interrupted = begun(speech, home)
    interrupted.send_signal(signal.SIGINT)
    _, told = interrupted.communicate(timeout=60)
    before = steps(home)
    wish = home / "rtvc" / "making" / "anna" / "wish.json"
    wish.write_text(json.dumps({**json.loads(wish.read_text()), "minutes": 0.02}))

    other = rtvc("voices", "train", "anna", RECORDING, *CONSENT)
    answer = rtvc("voices", "train", "anna", "--threads", "1")

    assert interrupted.returncode == 130
    assert b"goes on with: rtvc voices train anna" in told
    assert other.code == 1 and "in the making from other recordings" in other.sentence
    assert answer.code == 0, answer.err
    card = default_library().get("anna").card
    assert int(card["log"][0].split(" min, ")[1].split(" ")[0]) >= before
    assert card["consent"]["whose"] == "Anna Berg, who agreed"
