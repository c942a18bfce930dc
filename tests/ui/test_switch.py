"""Another voice is chosen in the window while one speaks."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from rtvc.config import Config, StreamConfig, VoiceConfig, load
from rtvc.errors import VoiceError
from rtvc.presets import StreamTimes
from rtvc.status import Status
from tests.ui.desk import put_voice


def test_voice_takes_over_with_its_own_settings_and_nothing_is_started_anew(open_desk, tmp_path):
    put_voice(tmp_path, "mine", family="sovits")
    kept = VoiceConfig("slt", {"mine": {"pitch": 3.0}}, {"mine": StreamConfig("quality")})
    desk = open_desk(Config(voice=kept))
    desk.start()

    desk.choose_voice(1)
    desk.wait_said("voice", "mine")

    voice, values, times = desk.session.switched
    assert (voice.name, values["pitch"], times) == ("mine", 3.0, StreamTimes(0.32, 1.5, 0.16, 0.02))
    assert [said for said in desk.session.said if said[0] == "start"] == [("start", "slt")]
    desk.qtbot.waitUntil(lambda: desk.window.state.headline.text() == "Live as MINE")


def test_until_it_is_loaded_the_first_voice_is_named(desk):
    desk.start()
    desk.session.gate.clear()

    desk.choose_voice(0)
    desk.controller.refresh()

    assert desk.window.state.headline.text() == "Live as SLT"
    desk.session.gate.set()
    desk.wait_said("voice", "bdl")
    desk.session.shown = replace(desk.session.shown, voice="slt", coming="bdl")
    desk.controller.refresh()
    assert desk.window.state.sentence.text() == "Loading BDL …; SLT speaks until then."
    assert desk.window.voices.chosen == "bdl"


def test_control_moved_meanwhile_follows_the_choice(desk):
    desk.start()
    desk.session.gate.clear()

    desk.choose_voice(0)
    desk.qtbot.keyClick(desk.window.controls.rows["pitch"].knob, Qt.Key.Key_Right)
    desk.session.gate.set()
    desk.wait_said("value", "pitch", 1.0)

    assert desk.session.said.index(("voice", "bdl")) < desk.session.said.index(("value", "pitch", 1.0))
    desk.close()
    assert load(desk.path).voice.params == {"bdl": {"pitch": 1.0}}


def test_voice_that_cannot_be_loaded_gives_its_place_back_and_says_why(desk):
    desk.start()
    desk.session.fault = VoiceError("voice bdl: its weights are damaged; SLT goes on")

    desk.choose_voice(0)

    desk.qtbot.waitUntil(lambda: desk.window.voices.chosen == "slt")
    assert desk.window.state.headline.text() == "Live as SLT"
    assert desk.window.state.sentence.text() == "Voice bdl: its weights are damaged; SLT goes on"
    desk.close()
    assert load(desk.path).voice.name == "slt"


@pytest.mark.parametrize("is_fixed", [True, False])
def test_voice_whose_files_are_wrong_is_told_and_may_be_tried_again(desk, tmp_path, is_fixed):
    desk.start()
    card = tmp_path / "voices" / "bdl" / "card.yaml"
    before = card.read_text()
    card.write_text("family: [\n")

    desk.choose_voice(0)

    desk.qtbot.waitUntil(lambda: desk.window.voices.chosen == "slt")
    assert "card.yaml is no YAML" in desk.window.state.sentence.text()
    if is_fixed:
        card.write_text(before)
    desk.choose_voice(0)
    desk.qtbot.waitUntil(lambda: desk.window.voices.chosen == ("bdl" if is_fixed else "slt"))
    desk.qtbot.waitUntil(lambda: ("no YAML" in desk.window.state.sentence.text()) is not is_fixed)


def test_voice_of_the_last_run_is_not_named_when_another_one_is_started(desk):
    desk.session.shown = Status(voice="slt")
    desk.choose_voice(0)
    desk.session.gate.clear()

    desk.click(desk.window.transport.start)

    assert desk.window.state.headline.text() == "Loading BDL …"


def test_voice_chosen_while_nothing_runs_only_waits_for_start(desk):
    desk.choose_voice(0)
    desk.start()

    assert desk.session.options.voice.name == "bdl"
    assert desk.session.switched is None


def test_chosen_voice_is_loaded_ahead_of_start_and_nothing_beside_what_runs(desk):
    desk.qtbot.waitUntil(lambda: desk.session.prepared[-1:] == ["slt"])
    desk.choose_voice(0)
    desk.qtbot.waitUntil(lambda: desk.session.prepared[-1:] == ["bdl"])

    desk.start()
    desk.choose_voice(1)
    desk.qtbot.waitUntil(lambda: desk.session.switched is not None)

    assert desk.session.prepared[-1] == "bdl"
