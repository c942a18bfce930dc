import pytest

from rtvc.status import Load, State, Status
from ui.health import Health

QUIET = {"Load": ("24 %", ""), "Late": ("0", ""), "Lost": ("0", ""), "Skipped": ("0", ""), "Recovered": ("0", "")}


@pytest.fixture
def health(qtbot):
    made = Health()
    qtbot.addWidget(made)
    return made


def shown(health):
    return {caption: (value.text(), value.property("mood") or "") for caption, value in health.values.items()}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"late": 3}, {"Late": ("3", "warning")}),
        ({"lost": 1, "skipped": 2}, {"Lost": ("1", "warning"), "Skipped": ("2", "warning")}),
        ({"recoveries": 1}, {"Recovered": ("1", "warning")}),
        ({"load": Load(p95=0.9)}, {"Load": ("90 %", "warning")}),
    ],
)
def test_figures_of_a_run(health, changes, expected):
    status = Status(**{"state": State.RUNNING, "seconds": 2.0, "load": Load(p95=0.24)} | changes)

    health.show_status(status)

    assert shown(health) == QUIET | expected


def test_run_that_has_not_begun_has_no_figures(health):
    health.show_status(Status(State.RUNNING, seconds=1.0, late=1))

    health.show_status(Status())

    assert set(shown(health).values()) == {("–", "")}


def test_figures_are_spoken_with_their_names(health):
    health.show_status(Status(State.RUNNING, seconds=1.0, late=7))

    assert health.values["Late"].accessibleName() == "Late: 7"
