import json
import zipfile

import pytest


@pytest.fixture
def quiet(home, server, tmp_path, monkeypatch):
    (tmp_path / "runtime").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "runtime"))


def test_a_session_that_has_ended_is_in_it(rtvc, quiet, recording, tmp_path):
    assert rtvc("run", "--voice", "toy", "--input", recording, "--output", "rtvc_out").code == 0

    answer = rtvc("diagnose", "--output", tmp_path / "report.zip")

    assert answer.code == 0, answer.err
    assert "counters.jsonl" in answer.out
    with zipfile.ZipFile(tmp_path / "report.zip") as bundle:
        rows = [json.loads(line) for line in bundle.read("counters.jsonl").splitlines()]
        everything = b"".join(bundle.read(name) for name in bundle.namelist())
    assert rows[-1]["voice"] == "toy"
    assert str(tmp_path).encode() not in everything
    assert rtvc("diagnose", "--output", tmp_path / "report.zip").code == 1
