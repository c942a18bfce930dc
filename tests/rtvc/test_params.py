import subprocess
import sys

import pytest

from rtvc.errors import VoiceError
from rtvc.params import COMMON_CONTROLS, Control, chosen_values, read_controls

PITCH = {"name": "pitch", "label": "Pitch", "low": -12, "high": 12, "default": 0, "unit": "st", "step": 1}
MISTAKES = [
    ({"params": {"pitch": 1}}, "must be a list, not dict"),
    ({"params": ["pitch"]}, r"params\[0\] of its card must hold keys with values"),
    ({"params": [PITCH, {"name": "gain"}]}, r"params\[1\] of its card does not say its label"),
    ({"params": [{**PITCH, "low": "deep"}]}, r"params\[0\].low of its card is 'deep', it must be a number"),
    ({"params": [{**PITCH, "high": float("nan")}]}, r"params\[0\].high of its card is nan"),
    ({"params": [{**PITCH, "default": True}]}, r"params\[0\].default of its card is True"),
    ({"params": [{**PITCH, "low": 12}]}, r"\(pitch\) of its card has no sensible range"),
    ({"params": [{**PITCH, "default": 13}]}, r"\(pitch\) of its card has no sensible range"),
    ({"params": [{**PITCH, "step": -1}]}, r"\(pitch\) of its card has no sensible range"),
]


def test_card_becomes_controls():
    assert read_controls({"params": [PITCH]}) == (Control("pitch", "Pitch", -12.0, 12.0, 0.0, "st", 1.0),)


@pytest.mark.parametrize("card", [{}, {"params": None}, {"params": []}])
def test_card_without_params_has_no_controls(card):
    assert read_controls(card) == ()


@pytest.mark.parametrize(("card", "sentence"), MISTAKES)
def test_wrong_card_is_told_in_one_sentence(card, sentence):
    with pytest.raises(VoiceError, match=sentence):
        read_controls({"name": "slt", **card})


def test_values_are_kept_in_range_and_completed():
    values = chosen_values(COMMON_CONTROLS[:3], {"gate_db": -200.0, "input_gain_db": float("nan"), "unknown": 1.0})

    assert values == {"gate_db": -90.0, "input_gain_db": 0.0, "output_gain_db": 0.0}


def test_controls_equal_the_params_of_the_networks_field_by_field():
    from dataclasses import fields

    from models.base import Param

    assert [(one.name, one.type, one.default) for one in fields(Control)] == [
        (one.name, one.type, one.default) for one in fields(Param)
    ]


def test_module_loads_no_torch():
    code = "import sys, rtvc.params; assert not {'torch', 'models'} & set(sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_engine_takes_the_common_controls():
    from dataclasses import asdict

    from rtvc.engine import COMMON_PARAMS

    assert [asdict(param) for param in COMMON_PARAMS] == [asdict(control) for control in COMMON_CONTROLS]
