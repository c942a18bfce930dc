import pytest
from PySide6.QtCore import Qt

from rtvc.config import Config, StreamConfig, VoiceConfig, load
from rtvc.presets import StreamTimes
from rtvc.status import Delay, State
from tests.ui.desk import ALT, put_voice
from ui.state_line import Mood


def test_hop_and_margin_reach_a_run_when_the_slider_rests(desk):
    desk.start()

    for _ in range(3):
        desk.qtbot.keyClick(desk.window.latency.hop.knob, Qt.Key.Key_Right)
    desk.qtbot.keyClick(desk.window.latency.margin.knob, Qt.Key.Key_Left)
    desk.wait_said("margin", 0.025)

    assert [said for said in desk.session.said if said[0] == "windows"] == [("windows", StreamTimes(0.05))]


def test_delay_is_expected_before_and_measured_while_running(desk):
    desk.qtbot.waitUntil(lambda: desk.window.delay.total.text() == "110 ms")  # blocks 20, hop 20, margin 30, 40 ahead
    desk.qtbot.keyClick(desk.window.latency.hop.knob, Qt.Key.Key_Right)
    desk.qtbot.waitUntil(lambda: desk.window.delay.total.text() == "120 ms")

    desk.start()
    desk.show(state=State.RUNNING, delay=Delay(hop=0.02, compute=0.005, device=0.1))

    assert desk.window.delay.total.text() == "125 ms"
    assert "Compute 5 ms" in desk.window.delay.words


STREAM = {
    "presets": {
        "low delay": {"hop_ms": 80, "left_ms": 1000, "right_ms": 0, "fade_ms": 10},
        "quality": {"hop_ms": 240, "left_ms": 2000, "right_ms": 160, "fade_ms": 20},
    },
    "default": "quality",
    "step_ms": 40,
}


@pytest.fixture
def open_mine(open_desk, tmp_path):
    """Open the window with a voice that hears windows, `mine`, chosen unless the settings say otherwise."""
    put_voice(tmp_path, "mine", stream=STREAM, look_ahead_ms=0)
    return lambda config=None: open_desk(config or Config(voice=VoiceConfig("mine")))


def test_only_a_voice_that_hears_windows_shows_presets_and_four_times(open_mine):
    desk = open_mine()
    panel = desk.window.latency

    assert (panel.choice.isVisible(), panel.hop.isVisible(), panel.margin.isVisible()) == (True, False, True)
    assert {name: row.value for name, row in panel.choice.rows.items()} == STREAM["presets"]["quality"]
    assert [panel.choice.preset.itemText(row) for row in range(2)] == ["Low delay", "Quality"]
    desk.choose_voice(0)
    assert (panel.choice.isVisible(), panel.hop.isVisible(), panel.margin.isVisible()) == (False, True, True)


def test_names_and_words_are_there_for_those_who_cannot_see(open_mine):
    panel = open_mine().window.latency.choice

    names = [panel.preset.accessibleName(), *(row.knob.accessibleName() for row in panel.rows.values())]
    assert names == ["Preset", "Hop", "Past kept", "Future", "Seam fade"]
    assert panel.preset.accessibleDescription() == "Quality"
    assert panel.rows["right_ms"].knob.accessibleDescription().startswith("160 ms. What the voice waits for")
    assert panel.preset.itemData(0, Qt.ItemDataRole.AccessibleTextRole).startswith("Low delay, Hop 80 ms, past 1000 ms")


def test_preset_is_chosen_by_keys_heard_and_kept(open_mine):
    desk = open_mine()
    desk.start()

    desk.qtbot.keyClick(desk.window, Qt.Key.Key_E, ALT)
    desk.qtbot.keyClick(desk.window.focusWidget(), Qt.Key.Key_Up)

    desk.wait_said("windows", StreamTimes(0.08, 1.0, 0.0, 0.01))
    assert desk.window.latency.choice.rows["hop_ms"].value == 80
    desk.close()
    assert load(desk.path).voice.streams == {"mine": StreamConfig("low delay")}


@pytest.mark.parametrize(
    ("key", "name", "times"),
    [
        (Qt.Key.Key_H, "hop_ms", StreamTimes(0.28, 2.0, 0.16, 0.02)),
        (Qt.Key.Key_K, "left_ms", StreamTimes(0.24, 2.25, 0.16, 0.02)),
        (Qt.Key.Key_F, "right_ms", StreamTimes(0.24, 2.0, 0.2, 0.02)),
        (Qt.Key.Key_D, "fade_ms", StreamTimes(0.24, 2.0, 0.16, 0.025)),
    ],
)
def test_each_time_has_a_letter_and_makes_the_choice_the_user_s_own(open_mine, key, name, times):
    desk = open_mine()
    desk.start()

    desk.qtbot.keyClick(desk.window, key, ALT)
    assert desk.window.focusWidget() is desk.window.latency.choice.rows[name].knob
    desk.qtbot.keyClick(desk.window.focusWidget(), Qt.Key.Key_Right)

    desk.wait_said("windows", times)
    assert desk.window.latency.choice.preset.currentText() == "Your own"
    desk.close()
    assert load(desk.path).voice.streams["mine"].own[name] == pytest.approx(1000 * getattr(times, name[:-3]))


def test_times_that_are_a_preset_again_are_called_so_and_the_default_is_not_kept(open_mine):
    desk = open_mine(Config(voice=VoiceConfig("mine", {}, {"mine": StreamConfig(hop_ms=280.0)})))
    panel = desk.window.latency.choice
    assert (panel.preset.currentText(), panel.preset.count()) == ("Your own", 3)

    desk.qtbot.keyClick(panel.rows["hop_ms"].knob, Qt.Key.Key_Delete)

    assert (panel.preset.currentText(), panel.preset.count()) == ("Quality", 2)
    desk.close()
    assert load(desk.path).voice.streams == {}


def test_choice_is_remembered_by_voice_and_begins_the_next_run(open_mine):
    desk = open_mine()
    desk.qtbot.keyClick(desk.window.latency.choice.preset, Qt.Key.Key_Home)
    desk.choose_voice(0)
    desk.choose_voice(1)

    assert desk.window.latency.choice.preset.currentText() == "Low delay"
    desk.start()
    assert desk.session.options.times == StreamTimes(0.08, 1.0, 0.0, 0.01)
    desk.close()


def test_expected_delay_counts_the_future_and_a_seam_beyond_it(open_mine):
    desk = open_mine()
    desk.qtbot.waitUntil(lambda: desk.window.delay.total.text() == "450 ms")  # blocks 20, hop 240, margin 30, 160 ahead

    desk.qtbot.keyClick(desk.window.latency.choice.preset, Qt.Key.Key_Home)

    desk.qtbot.waitUntil(lambda: desk.window.delay.total.text() == "140 ms")  # blocks 20, hop 80, margin 30, seam 10


def test_unknown_preset_of_the_settings_is_told_and_left_alone(open_mine):
    desk = open_mine(Config(voice=VoiceConfig("mine", {}, {"mine": StreamConfig("qality")})))

    desk.qtbot.waitUntil(lambda: desk.window.state.mood is Mood.WARNING)

    assert desk.window.state.sentence.text() == "Voice mine has no preset 'qality'; did you mean quality?"
    desk.close()
    assert load(desk.path).voice.streams == {"mine": StreamConfig("qality")}


def test_voice_with_a_card_that_cannot_be_understood_cannot_be_chosen(open_desk, tmp_path):
    put_voice(tmp_path, "mine", stream={"presets": {}})

    desk = open_desk()

    index = desk.window.voices.model().index(2, 0)
    assert not index.flags() & Qt.ItemFlag.ItemIsEnabled
    assert "stream.presets of its card" in index.data(Qt.ItemDataRole.ToolTipRole)
