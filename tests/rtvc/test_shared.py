from rtvc.shared import AUDIO, ENGINE, SharedStatus


def test_one_process_sees_what_the_other_shows() -> None:
    here = SharedStatus.create()
    there = SharedStatus.attach(here.name)

    there.audio["late"] = 3
    there.audio.add("late", 2)
    here.session["mute"] = 1

    assert here.audio["late"] == 5
    assert there.session["mute"] == 1
    there.close()
    here.close()


def test_groups_do_not_touch_each_other() -> None:
    shared = SharedStatus.create()

    for name in AUDIO:
        shared.audio[name] = 7

    assert {shared.engine[name] for name in ENGINE} == {0}
    shared.close()


def test_last_numbers_stay_after_closing_also_for_those_who_hold_a_group() -> None:
    shared = SharedStatus.create()
    held = shared.engine
    held["hops"] = 11

    shared.close()
    shared.close()

    assert held["hops"] == 11
