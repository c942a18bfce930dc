import json

from rtvc.config import load


def test_real_session_is_tried_and_the_choice_is_kept(rtvc, server, tmp_path):
    settings = tmp_path / "config.yaml"

    answer = rtvc(
        "calibrate-latency", "--voice", "toy", "--output", "rtvc_out", "--save", "--json", "--config", settings
    )

    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert 0.01 <= told["hop"] <= 0.4 and told["margin"] >= 0.005
    assert told["trials"] and "every one was in time" in told["words"]
    assert load(settings).engine.hop_ms == told["hop"] * 1000
    assert load(settings).engine.margin_ms == told["margin"] * 1000
