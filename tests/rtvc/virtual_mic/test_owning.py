"""The virtual microphone on a real sound server: made, probed, adopted, left alone and removed."""

import subprocess
import sys
from pathlib import Path

import pytest

from rtvc.devices import list_devices
from rtvc.errors import DeviceError
from rtvc.pulse import PulseServer as Client
from rtvc.virtual_mic.owning import VirtualMicrophone, is_there, make_to_stay, remove
from rtvc.virtual_mic.probing import probe
from rtvc.virtual_mic.server import MICROPHONE_WORDS, SINK, SOURCE, look_for
from tests.pulse_server import PulseServer

CRASH = """
import os, sys
from pathlib import Path
from rtvc.virtual_mic.owning import VirtualMicrophone
microphone = VirtualMicrophone(Path(sys.argv[1]))
os._exit(9)
"""


@pytest.fixture(autouse=True)
def clean(server: PulseServer) -> None:
    remove()


def test_it_is_a_microphone_with_a_name_that_people_recognise_and_goes_with_its_maker(
    server: PulseServer, tmp_path: Path
) -> None:
    with VirtualMicrophone(tmp_path) as microphone:
        listed = {one.name: one for one in list_devices()}
        assert microphone.is_ours and microphone.was_made
        assert listed[SOURCE].description == MICROPHONE_WORDS and not listed[SOURCE].is_monitor
        assert listed[SINK].is_output

    assert not is_there()
    assert SINK not in server.control("list", "short", "sinks")


def test_a_tone_played_into_it_comes_out(server: PulseServer, tmp_path: Path) -> None:
    with VirtualMicrophone(tmp_path):
        found = probe(SINK, SOURCE)

    assert found.is_heard, found
    assert found.level == pytest.approx(-30, abs=1.5)


def test_a_muted_one_is_told_in_a_sentence(server: PulseServer, tmp_path: Path) -> None:
    with VirtualMicrophone(tmp_path):
        server.control("set-sink-mute", SINK, "1")
        server.control("set-source-mute", SOURCE, "1")
        found = probe(SINK, SOURCE)

    assert not found.is_heard
    assert "muted" in found.words


def test_one_that_a_crash_left_is_adopted_and_removed(server: PulseServer, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", CRASH, str(tmp_path)], check=False, timeout=60)
    before = Client()
    left = look_for(before)

    with VirtualMicrophone(tmp_path) as microphone:
        assert left.is_whole and look_for(before) == left
        assert microphone.is_ours and not microphone.was_made
    before.close()

    assert not is_there()


def test_one_of_another_process_is_used_and_left_alone(server: PulseServer, tmp_path: Path) -> None:
    with VirtualMicrophone(tmp_path):
        with VirtualMicrophone(tmp_path) as second:
            assert not second.is_ours
        assert is_there()


def test_one_that_was_made_to_stay_stays(server: PulseServer, tmp_path: Path) -> None:
    assert make_to_stay(tmp_path)
    with VirtualMicrophone(tmp_path) as microphone:
        assert not microphone.was_made

    assert is_there()
    assert remove()
    with VirtualMicrophone(tmp_path):
        pass
    assert not is_there()


def test_half_of_one_is_made_whole_and_a_lost_one_is_made_again(server: PulseServer, tmp_path: Path) -> None:
    with VirtualMicrophone(tmp_path) as microphone:
        client = Client()
        found = look_for(client)
        assert found.source is not None
        client.unload(found.source)
        client.close()

        assert microphone.tend()
        assert is_there()
        assert not microphone.tend()


def test_without_a_server_it_is_one_sentence(
    server: PulseServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")

    with pytest.raises(DeviceError, match="does not answer"):
        VirtualMicrophone(tmp_path)
