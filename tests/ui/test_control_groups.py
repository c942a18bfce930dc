from rtvc.params import COMMON_CONTROLS, Control
from ui.control_groups import COMMON, OWN, grouped

PITCH = Control("pitch", "Pitch", -12.0, 12.0, 0.0)


def test_every_control_is_in_one_group_the_voices_own_first():
    groups = grouped((*COMMON_CONTROLS, PITCH))

    assert groups[0] == (OWN, (PITCH,))
    assert [title for title, _ in groups] == [OWN, *(title for title, _ in COMMON)]
    assert sorted(one.name for _, members in groups for one in members) == sorted(
        one.name for one in (*COMMON_CONTROLS, PITCH)
    )


def test_every_control_that_all_voices_have_is_in_a_common_group():
    assert [title for title, _ in grouped(COMMON_CONTROLS)] == [title for title, _ in COMMON]
