import pytest
from PySide6.QtCore import QPoint, Qt

from rtvc.config import Config, VoiceConfig
from rtvc.status import DELAY_PARTS, Delay, State
from tests.ui.desk import put_voice


@pytest.mark.parametrize(("width", "height"), [(1000, 800), (1140, 780), (1600, 1000)])
@pytest.mark.parametrize("voice", ["slt", "mine"])
def test_every_widget_is_inside_and_none_covers_another(open_desk, tmp_path, voice, width, height):
    put_voice(tmp_path, "mine", family="sovits")
    desk = open_desk(Config(voice=VoiceConfig(voice)))
    window = desk.window
    window.resize(width, height)
    desk.show(state=State.RUNNING, delay=Delay(dict.fromkeys(DELAY_PARTS, 0.05)))
    desk.qtbot.wait(20)
    widgets = [
        window.state, window.menu, window.transport, window.voices, window.controls, window.input,
        window.output, window.level_in, window.level_out, window.delay, window.health, *window.latency.focus_order,
    ]  # fmt: skip

    places = [widget.rect().translated(widget.mapTo(window, QPoint(0, 0))) for widget in widgets]

    assert (window.width(), window.height()) == (width, height)
    assert all(window.rect().contains(place) for place in places)
    pairs = [(one, other) for at, one in enumerate(places) for other in places[at + 1 :]]
    assert not any(one.intersects(other) for one, other in pairs)


def test_tab_leads_through_a_preset_and_its_times(open_desk, tmp_path):
    put_voice(tmp_path, "mine", family="sovits")
    desk = open_desk(Config(voice=VoiceConfig("mine")))
    window, panel = desk.window, desk.window.latency.choice
    desk.qtbot.waitUntil(lambda: bool(panel.rows) and all(row.isVisible() for row in panel.rows.values()))

    reached = [window.sound.recording]
    for _ in range(7):
        reached.append(reached[-1].nextInFocusChain())
        while not reached[-1].isVisible() or reached[-1].focusPolicy() != Qt.FocusPolicy.StrongFocus:
            reached[-1] = reached[-1].nextInFocusChain()

    sliders = [row.knob for row in panel.rows.values()]
    assert reached[1:7] == [panel.preset, *sliders, window.latency.margin.knob]


def test_tab_reaches_every_control(desk):
    window = desk.window
    window.transport.start.setFocus()
    reached = []
    for _ in range(40):
        focused = window.focusWidget()
        if focused in reached:
            break
        reached.append(focused)
        desk.qtbot.keyClick(focused, Qt.Key.Key_Tab)

    sliders = [row.knob for row in window.controls.rows.values()]
    assert reached == [
        window.transport.start, window.voice_panel.add, window.voice_panel.search,
        window.voices, window.reset, *sliders, window.input, window.sound.say, window.output,
        window.sound.tone, window.monitor, window.sound.virtual, window.sound.recording,
        window.latency.hop.knob, window.latency.margin.knob, window.latency.hold.switch,
        window.trials.calibrate, window.trials.measure, window.trials.diagnose,
        window.transport.passthrough, window.transport.mute, window.menu,
    ]  # fmt: skip
