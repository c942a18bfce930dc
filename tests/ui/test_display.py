import socket
import sys

import pytest

from ui.display import complaint

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc:size=800x600"])
def test_platform_without_a_screen_needs_no_display(platform):
    assert complaint({"QT_QPA_PLATFORM": platform}) == ""


@pytest.mark.parametrize("environment", [{}, {"QT_QPA_PLATFORM": "xcb"}, {"WAYLAND_DISPLAY": "wayland-9"}])
def test_no_display_is_told(environment):
    assert "there is no display" in complaint(environment)


def test_display_that_does_not_answer_is_told():
    pytest.importorskip("PySide6")

    assert ":4321" in complaint({"DISPLAY": ":4321"}) or "libxcb" in complaint({"DISPLAY": ":4321"})


def test_wayland_that_answers_will_do(tmp_path):
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "wayland-0"))
        door.listen()

        assert complaint({"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}) == ""
