import json

import pytest


def test_virtual_microphone_is_measured_and_gone_again(rtvc, server):
    answer = rtvc("measure", "--voice", "toy", "--json")

    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert told["measured"] == pytest.approx(told["stated"], abs=0.06)
    assert "rtvc_virtual_out" not in server.control("list", "short", "sinks")


def test_half_a_loop_is_refused(rtvc, server):
    answer = rtvc("measure", "--voice", "toy", "--input", "rtvc_mic")

    assert answer.code == 1
    assert "two ends" in answer.sentence
