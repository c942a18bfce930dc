import json

from pytest import approx


def test_measurement_has_load_stages_delay_and_machine(rtvc):
    answer = rtvc("bench", "--voice", "toy", "--threads", 1, "--seconds", 0.5, "--hop-ms", 40, "--json")

    found = json.loads(answer.out)
    assert (answer.code, found["voice"], found["hop_ms"], found["seconds"]) == (0, "toy", 40.0, approx(0.5, abs=0.04))
    assert 0 < found["load"]["p50"] <= found["load"]["p95"] <= found["load"]["p99"] <= found["load"]["max"]
    assert {"resample_in", "gate", "PassthroughStage", "resample_out"} <= set(found["stages_ms_per_hop"])
    assert found["delay"]["look_ahead_ms"] == 30.0
    assert found["delay"]["frame_ms"] == 40.0
    parts = sum(value for name, value in found["delay"].items() if name != "total_ms")
    assert found["delay"]["total_ms"] == approx(parts, abs=0.05)
    assert found["machine"]["threads"] == 1
    assert found["machine"]["cpu"]


def test_measurement_is_readable(rtvc):
    answer = rtvc("bench", "--voice", "toy", "--seconds", 0.2)

    assert answer.code == 0
    assert [line.split()[0] for line in answer.out.splitlines()] == ["voice", "load", "stages", "delay", "machine"]


def test_value_out_of_range_is_refused(rtvc):
    answer = rtvc("bench", "--voice", "toy", "--set", "gain_db=99")

    assert answer.code == 1
    assert "gain_db is 99, it must be from -24 to 24 dB" in answer.sentence
