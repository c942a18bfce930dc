"""The real window on a real X display hears keys while another program is in front."""

from types import SimpleNamespace

import pytest
import yaml

from rtvc.config import load
from rtvc.control.client import ask
from rtvc.control.place import Place
from rtvc.errors import ControlError
from tests.pulse_server import wait_until
from tests.ui.desktop import MISSING, Desktop, x_display

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"no {', '.join(MISSING)} on this machine")
PATIENCE = 60.0
SETTINGS = {
    "control": {"enabled": True},
    "hotkeys": {"enabled": True, "keys": {"pass_through": "Ctrl+Shift+F11", "push_to_talk": "F8", "voice_1": "Num+1"}},
}


@pytest.fixture
def desktop(tmp_path, monkeypatch):
    for name in ("bdl", "slt"):
        voice = tmp_path / "data" / "rtvc" / "voices" / name
        voice.mkdir(parents=True)
        (voice / "card.yaml").write_text(yaml.safe_dump({"family": "passthrough", "title": name}))
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.yaml").write_text(yaml.safe_dump(SETTINGS))
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    server = {"XDG_RUNTIME_DIR": str(tmp_path / "run"), "PULSE_SERVER": f"unix:{tmp_path}/none"}
    with x_display() as display:
        made = Desktop(tmp_path, display, SimpleNamespace(environment=server))
        try:
            yield made
        finally:
            made.close()


def test_keys_work_while_another_program_has_the_keyboard(desktop, tmp_path):
    from Xlib.display import Display

    display = Display(desktop.environment["DISPLAY"])
    root = display.screen().root
    other = root.create_window(0, 0, 200, 200, 0, display.screen().root_depth)
    other.map()
    display.sync()
    desktop.tool("windowfocus", "--sync", str(other.id))
    place = Place(tmp_path / "run" / "rtvc")

    def is_so(name, expected):
        try:
            return ask({"do": "status"}, place)["status"][name] == expected
        except ControlError:
            return False

    wait_until(lambda: is_so("muted", True), PATIENCE, "push-to-talk is silent once the keys are heard")

    desktop.keys("ctrl+shift+F11")
    wait_until(lambda: is_so("pass_through", True), PATIENCE, "the key lets one's own voice through")
    desktop.tool("keydown", "F8")
    wait_until(lambda: is_so("muted", False), PATIENCE, "the held key lets one talk")
    desktop.tool("keyup", "F8")
    wait_until(lambda: is_so("muted", True), PATIENCE, "it is silent again")
    desktop.keys("KP_1")
    wait_until(lambda: load(desktop.config).voice.name == "bdl", PATIENCE, "the first voice is chosen")

    assert desktop.close() == 0
    assert "Traceback" not in desktop.log.read_text()
