"""Calibrate, measure and diagnose, by clicks."""

import threading
import zipfile

import pytest

from rtvc.config import StreamConfig, load
from rtvc.errors import RtvcError
from rtvc.latency.choosing import LatencyChoice
from rtvc.latency.measuring import Measured
from tests.ui.desk import put_voice
from ui.trials import Trials

CHOICE = LatencyChoice(0.04, 0.025, "a hop of 40 ms takes 20 % of its time", ())


class Trial:
    """A trial that waits for `gate` and then does what a test wants."""

    def __init__(self, result=None, fault=None):
        self.result, self.fault, self.gate = result, fault, threading.Event()
        self.calls = []

    def __call__(self, session, options, tell, is_over):
        self.calls.append((session, options))
        tell("trying a hop of 20 ms", 0.4)
        while not (self.gate.wait(0.01) or is_over()):
            pass
        if self.fault is not None:
            raise self.fault
        return None if is_over() else self.result


@pytest.fixture
def arrange(desk):
    """Put trials in the place of those of the window."""

    def put(calibrate=None, measure=None):
        old, window = desk.controller._trials, desk.window
        for button in (window.trials.calibrate, window.trials.measure, window.trials.diagnose):
            button.clicked.disconnect()
        made = Trials(
            window.trials, old._notices, old._runner, old._make_options, desk.path, calibrate=calibrate, measure=measure
        )
        made.chosen.connect(desk.controller._latency.take)
        made.ended.connect(desk.controller._go_on_after_trial)
        desk.controller._trials = made
        return desk

    return put


def said(desk):
    return desk.window.trial_notice.words.text()


def test_calibration_stops_what_runs_chooses_and_goes_on(arrange):
    trial = Trial(CHOICE)
    desk = arrange(calibrate=trial)
    desk.start()

    desk.click(desk.window.trials.calibrate)
    desk.qtbot.waitUntil(lambda: said(desk) == "Trying a hop of 20 ms …")
    desk.controller.refresh()
    assert desk.window.state.headline.text() == "Trying this machine …"
    assert not desk.window.trials.measure.isEnabled()
    assert ("stop",) in desk.session.said
    desk.session.said.clear()
    trial.gate.set()

    desk.wait_said("start", "slt")
    assert (desk.session.options.hop, desk.session.options.margin) == (0.04, 0.025)
    assert "Hop 40 ms, margin 25 ms: a hop of 40 ms takes" in said(desk)
    assert (desk.window.latency.hop.value, desk.window.latency.margin.value) == (40.0, 25.0)
    assert desk.window.trials.measure.isEnabled()


def test_choice_is_kept_with_the_voice_that_has_presets(open_desk, tmp_path):
    put_voice(tmp_path, "live", family="live")
    desk = open_desk()
    desk.choose_voice(1)

    desk.controller._latency.take(CHOICE)

    assert desk.window.latency.choice.times["hop_ms"] == 40.0
    desk.close()
    assert load(desk.path).voice.streams == {"live": StreamConfig(None, hop_ms=40.0)}


def test_calibration_is_cancelled_by_its_button(arrange):
    desk = arrange(calibrate=Trial(CHOICE))
    desk.click(desk.window.trials.calibrate)
    desk.qtbot.waitUntil(lambda: said(desk).startswith("Trying"))

    desk.click(desk.window.trial_notice.action)

    desk.qtbot.waitUntil(desk.window.trials.calibrate.isEnabled)
    assert not desk.window.trial_notice.isVisible()
    assert desk.window.latency.hop.value == 20.0


def test_calibration_that_fails_says_why(arrange):
    trial = Trial(fault=RtvcError("no hop is safe for SLT: too much for this machine"))
    desk = arrange(calibrate=trial)
    trial.gate.set()

    desk.click(desk.window.trials.calibrate)

    desk.qtbot.waitUntil(lambda: said(desk).startswith("No hop is safe for SLT"))
    desk.qtbot.waitUntil(lambda: desk.window.state.headline.text() == "Ready")


def test_measured_delay_is_set_beside_the_stated_one(arrange):
    trial = Trial(Measured(0.141, 0.143, (0.141,), {}))
    desk = arrange(measure=trial)
    trial.gate.set()

    desk.click(desk.window.trials.measure)

    desk.qtbot.waitUntil(lambda: said(desk) == "Measured 141.0 ms, stated 143.0 ms (-2.0 ms).")


def test_diagnosis_is_one_file_whose_place_is_told(desk, tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_downloads_dir", lambda: str(tmp_path))

    desk.click(desk.window.trials.diagnose)

    desk.qtbot.waitUntil(lambda: said(desk).startswith("Written:"), timeout=30000)
    (path,) = tmp_path.glob("rtvc-diagnosis-*.zip")
    assert str(path) in said(desk)
    assert zipfile.ZipFile(path).namelist()
