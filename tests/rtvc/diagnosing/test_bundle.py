"""A diagnosis holds what a report needs, and nothing that tells whose machine it is."""

import getpass
import json
import logging
import socket
import zipfile
from pathlib import Path

import pytest

from rtvc.diagnosing.bundle import write_diagnosis
from rtvc.diagnosing.history import History, keep
from rtvc.diagnosing.log import NAME, log_to_file
from rtvc.diagnosing.redacting import Redactor
from rtvc.errors import RtvcError
from rtvc.status import Delay, State, Status
from tests.pulse_server import PulseServer

HOME, USER = Path("/home/anna.smith"), "anna.smith"
LOG = f"""\
2026-01-01 INFO session failed {HOME}/voices/me/card.yaml is not there
Traceback: File "/opt/programs/rtvc/engine.py", line 3
ANNA.SMITH said C:\\Users\\anna.smith\\voices\\x.wav and /mnt/secret-project/take.wav
"""
CONFIG = f"""\
audio: {{input: "Anna.Smith's microphone", output: bluez_sink.AA_BB_CC_11_22_33}}
voice: {{name: {HOME}/voices/boss, params: {{/srv/customers/acme/voice: {{gate_db: -50}}}}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / NAME).write_text(LOG)
    return tmp_path / "logs"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "config.yaml").write_text(CONFIG)
    return tmp_path / "config.yaml"


def contents(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as bundle:
        assert bundle.testzip() is None
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


def rows(count: int) -> History:
    history = History()
    for second in range(count):
        history.note(Status(State.RUNNING, late=second, delay=Delay(hop=0.02)), float(second))
    return history


def test_it_holds_what_a_report_needs(server: PulseServer, tmp_path: Path, config: Path, folder: Path) -> None:
    status = {"state": "running", "delay_ms": 140.0}

    names = write_diagnosis(tmp_path / "a.zip", config, status, rows(400).rows, folder)

    found = contents(tmp_path / "a.zip")
    assert sorted(names) == sorted(found)
    assert json.loads(found["about.json"])["packages"]["numpy"][0].isdigit()
    assert {one["name"] for one in json.loads(found["devices.json"])} >= {"rtvc_mic", "rtvc_out"}
    assert json.loads(found["session.json"])["delay_ms"] == 140.0
    counters = [json.loads(line) for line in found["counters.jsonl"].splitlines()]
    assert [one["late"] for one in (counters[0], counters[-1])] == [100, 399] and len(counters) == 300
    assert "session failed" in found["log.txt"]


def test_neither_home_nor_name_nor_other_folders_are_inside(
    server: PulseServer, tmp_path: Path, config: Path, folder: Path
) -> None:
    write_diagnosis(tmp_path / "a.zip", config, None, (), folder, Redactor(HOME, USER, "annas-laptop"))

    everything = "".join(contents(tmp_path / "a.zip").values()).lower()
    for secret in (str(HOME), USER, "annas-laptop", "secret-project", "customers", "acme", "aa_bb_cc", "/opt"):
        assert secret not in everything, secret
    assert "engine.py" in everything and "take.wav" in everything


def test_nothing_of_this_very_user_is_inside(
    server: PulseServer, tmp_path: Path, config: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "houses" / "whoever"))
    monkeypatch.setenv("LOGNAME", "whoever")
    mine = f"{Path.home()}/voices {getpass.getuser()} {socket.gethostname()} {tmp_path}/x"
    (folder / NAME).write_text(mine)

    write_diagnosis(tmp_path / "a.zip", config, {"message": mine}, [{"message": mine}], folder)

    everything = "".join(contents(tmp_path / "a.zip").values())
    for secret in (str(Path.home()), "whoever", str(tmp_path)):
        assert secret not in everything


def test_what_the_last_session_left_is_taken_where_none_runs(tmp_path: Path, config: Path, folder: Path) -> None:
    keep(rows(5).rows, folder)

    write_diagnosis(tmp_path / "a.zip", config, folder=folder)

    found = contents(tmp_path / "a.zip")
    assert found["counters.jsonl"].count("\n") == 5
    assert "none is reached" in found["session.json"]


def test_a_part_that_cannot_be_had_is_told_in_its_place(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.yaml").write_text("audio: {inpt: x}\n")
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    monkeypatch.setitem(__import__("sys").modules, "sounddevice", None)

    write_diagnosis(tmp_path / "a.zip", tmp_path / "config.yaml", folder=folder)

    found = contents(tmp_path / "a.zip")
    assert "did you mean audio.input" in found["config.yaml"]
    assert "sound server" in found["devices.json"]


def test_a_file_is_never_replaced_and_a_missing_folder_told(tmp_path: Path, config: Path, folder: Path) -> None:
    (tmp_path / "a.zip").write_text("precious")

    with pytest.raises(RtvcError, match="exists"):
        write_diagnosis(tmp_path / "a.zip", config, folder=folder)
    with pytest.raises(RtvcError, match="cannot be written"):
        write_diagnosis(tmp_path / "none" / "a.zip", config, folder=folder)

    assert (tmp_path / "a.zip").read_text() == "precious"


def test_the_log_is_a_file_of_bounded_size(tmp_path: Path) -> None:
    logger = logging.getLogger("rtvc")
    before = list(logger.handlers)
    for handler in before:  # a command that ran earlier in this process may log to a file already
        logger.removeHandler(handler)
    log_to_file(tmp_path / "log")
    log_to_file(tmp_path / "log")
    try:
        for count in range(8_000):
            logger.info("line %d %s", count, "x" * 50)
    finally:
        for handler in set(logger.handlers) - set(before):
            logger.removeHandler(handler)
            handler.close()
        for handler in before:
            logger.addHandler(handler)

    sizes = [path.stat().st_size for path in (tmp_path / "log").iterdir()]
    assert len(sizes) == 2 and max(sizes) <= 256_000
    assert "line 7999" in (tmp_path / "log" / NAME).read_text()
