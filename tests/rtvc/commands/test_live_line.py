import pytest

from rtvc.commands.live_line import level_bar, live_line
from rtvc.status import Delay, Load, State, Status


@pytest.mark.parametrize(("level", "full"), [(0.0, 0), (0.0001, 0), (0.0316, 5), (1.0, 10), (3.0, 10)])
def test_level_bar_is_full_at_full_scale(level, full):
    assert level_bar(level) == "█" * full + "·" * (10 - full)


def test_line_shows_time_levels_load_delay_and_counters():
    delay = Delay(input_block=0.01, hop=0.02, look_ahead=0.06, output_block=0.01, margin=0.03, compute=0.0001)
    status = Status(
        State.RUNNING, delay=delay, load=Load(0.2, 0.3, 0.4), late=2, lost=0, seconds=75, level_in=1.0, recoveries=1
    )

    line = live_line(status)

    assert line == (
        "1:15  in ██████████ out ··········  load 20%  "
        "delay 130 ms (in 10 hop 20 look 60 out 10 margin 30)  late 2  lost 0  recovered 1"
    )


def test_line_tells_the_state_where_it_does_not_run():
    assert live_line(Status(State.RECOVERING, "the microphone is gone")) == "recovering  the microphone is gone"
