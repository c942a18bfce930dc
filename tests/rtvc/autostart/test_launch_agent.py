"""The property list that starts the window on macOS."""

import plistlib
from pathlib import Path

import pytest

from rtvc.autostart.launch_agent import LABEL, LaunchAgent
from rtvc.errors import RtvcError

COMMAND = ["/opt/my voice/python", "-m", "rtvc.cli"]


def test_agent_says_what_to_start_at_log_in(tmp_path: Path) -> None:
    agent = LaunchAgent(COMMAND, tmp_path / "agents")
    assert not agent.is_on()

    agent.switch(True)

    facts = plistlib.loads((tmp_path / "agents" / f"{LABEL}.plist").read_bytes())
    assert agent.is_on()
    assert (facts["ProgramArguments"], facts["RunAtLoad"]) == (COMMAND, True)
    agent.switch(False)
    assert not agent.is_on()


def test_disabled_agent_is_off(tmp_path: Path) -> None:
    (tmp_path / f"{LABEL}.plist").write_bytes(plistlib.dumps({"Disabled": True}))

    assert not LaunchAgent(COMMAND, tmp_path).is_on()


@pytest.mark.parametrize("data", [b"no list", b"<plist>", plistlib.dumps([1])])
def test_what_is_no_property_list_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / f"{LABEL}.plist").write_bytes(data)

    with pytest.raises(RtvcError, match="remove it, and choose again"):
        LaunchAgent(COMMAND, tmp_path).is_on()


def test_what_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(RtvcError, match=r"autostart cannot be switched"):
        LaunchAgent(COMMAND, tmp_path / "file" / "agents").switch(True)
