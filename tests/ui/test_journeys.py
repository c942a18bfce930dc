"""Whole ways through the window, from the first start to a file that proves it; each is judged by what is heard."""

import re
import zipfile
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt

from rtvc.demo import RECORDING
from rtvc.making.home import Wish
from rtvc.virtual_mic.server import SOURCE
from tests.live_path import lags
from tests.pulse_server import missing_programs, pulse_server
from tests.ui.journey import SPOKEN, Journey, tone_level
from ui.chore import make_errand
from ui.state_line import Mood

FOR_TRAINING = ("torch", "soxr", "parselmouth")
MISSING_FOR_TRAINING = [name for name in FOR_TRAINING if find_spec(name) is None]
MINUTES = 0.02  # of training

pytestmark = pytest.mark.skipif(bool(missing_programs()), reason="no sound server on this machine")


@pytest.fixture
def server(tmp_path, monkeypatch):
    for kind in ("DATA", "CACHE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    monkeypatch.setenv("HOME", str(tmp_path))
    with pulse_server(tmp_path / "pulse") as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


def test_first_start_live_recorded_a_device_lost_and_back_and_diagnosed(qtbot, server, tmp_path):
    with Journey(qtbot, server, tmp_path) as journey:
        window, welcome = journey.window, journey.window.welcome
        journey.wait(welcome.isVisible, "the first steps are shown")
        journey.click(welcome.next)
        journey.click(window.sound.recording)
        journey.click(welcome.start)
        journey.wait_for_tone()
        journey.wait(lambda: welcome.level.level_db > -20, "the microphone's bar moves")
        journey.click(welcome.next)
        journey.click(welcome.next)
        assert not welcome.isVisible()
        journey.wait(lambda: window.state.mood is Mood.GOOD, "all is well")

        server.unplug("rtvc_mic")
        journey.wait(lambda: window.state.mood is Mood.WARNING, "the lost microphone is told")
        journey.wait_for_silence()
        server.plug("rtvc_mic")
        journey.wait(lambda: window.state.mood is Mood.GOOD, "the microphone is taken again")
        journey.listen_again()
        journey.wait_for_tone()

        journey.click(window.trials.diagnose)
        journey.wait(lambda: list(tmp_path.rglob("*.zip")), "the diagnosis is written")
        window.activateWindow()
        journey.wait(window.isActiveWindow, "keys go to the window")
        qtbot.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
        journey.wait_for_silence()
        journey.wait(lambda: not journey.controller._runner.is_active, "it has stopped")

    voice, microphone = sorted(tmp_path.rglob("*.flac"), key=lambda path: "microphone" in path.name)
    for path in (voice, microphone):
        samples, rate = soundfile.read(path, dtype="float32")
        pieces = [tone_level(piece, rate) for piece in np.array_split(samples, len(samples) // (rate // 4))]
        assert max(pieces) == pytest.approx(SPOKEN, rel=0.1)
    with zipfile.ZipFile(next(tmp_path.rglob("*.zip"))) as bundle:
        assert bundle.testzip() is None
        told = b"".join(bundle.read(name) for name in bundle.namelist())
    assert b"rtvc_mic" in told and str(tmp_path).encode() not in told


def test_files_dropped_onto_the_window_become_a_voice_that_is_heard(qtbot, server, tmp_path):
    pytest.importorskip("torch")
    from tests.imported_sovits import store_content_network, write_filled_voice

    store_content_network()
    file, clip = tmp_path / "anna_e8_s144.pth", tmp_path / "clip.wav"
    write_filled_voice(file)
    samples, rate = soundfile.read(RECORDING, dtype="float32")
    soundfile.write(clip, samples[: 4 * rate], rate)
    with Journey(qtbot, server, tmp_path) as journey:
        journey.drop(file, clip)
        journey.wait_for_voice("anna")

        journey.play("anna")
        journey.wait_for_sound()


@pytest.mark.timeout(600)
@pytest.mark.skipif(bool(MISSING_FOR_TRAINING), reason=f"no {', '.join(MISSING_FOR_TRAINING)} on this machine")
def test_a_folder_dropped_onto_the_window_becomes_a_voice_that_is_heard(qtbot, server, tmp_path, monkeypatch):
    folder = tmp_path / "takes"
    folder.mkdir()
    samples, rate = soundfile.read(RECORDING, dtype="float32")
    soundfile.write(folder / "one.flac", np.tile(np.pad(samples, rate // 2), 4), rate)

    def make(work, *arguments):
        brief = [replace(one, minutes=MINUTES) if isinstance(one, Wish) else one for one in arguments]
        return make_errand(work, *brief)

    with Journey(qtbot, server, tmp_path, make) as journey:
        making = journey.window.making
        journey.drop(folder)
        journey.wait(making.form.begin.isVisible, "the recordings are judged")
        qtbot.keyClicks(making.form.name, "anna")
        qtbot.keyClicks(making.form.whose, "Anna Berg")
        journey.click(making.form.agreed)
        journey.click(making.form.begin)
        journey.wait_for_voice("anna")

        journey.play("anna")
        journey.wait_for_sound()


def test_measured_delay_is_that_of_two_recordings_of_the_loop(qtbot, server, tmp_path):
    with Journey(qtbot, server, tmp_path) as journey:
        journey.click(journey.window.sound.virtual)
        journey.wait(lambda: SOURCE in server.control("list", "short", "sources"), "the virtual microphone is there")
        recording = server.record(SOURCE)
        journey.click(journey.window.trials.measure)
        notice = journey.window.trial_notice.words
        journey.wait(lambda: "stated" in notice.text(), "it is measured")
        measured = float(re.search(r"(?i)measured ([\d.]+) ms", notice.text()).group(1))
        heard = recording.stop()

    assert measured == pytest.approx(1000 * np.median(lags(heard)), abs=5)
