"""Where keys can be heard, and where the desktop lets nobody."""

import importlib.util
import sys

import pytest

from rtvc.hotkeys.listening import Obstacle, make_listener, obstacle


@pytest.mark.parametrize(
    ("window_system", "environment", "expected"),
    [
        ("xcb", {}, None),
        ("xcb", {"XDG_SESSION_TYPE": "x11"}, None),
        ("windows", {}, None),
        ("xcb", {"XDG_SESSION_TYPE": "wayland"}, Obstacle.WAYLAND),
        ("xcb", {"WAYLAND_DISPLAY": "wayland-0"}, Obstacle.WAYLAND),
        ("wayland", {}, Obstacle.WAYLAND),
        ("wayland-egl", {}, Obstacle.WAYLAND),
        ("offscreen", {}, Obstacle.NO_DESKTOP),
        ("cocoa", {}, Obstacle.UNSUPPORTED),
    ],
)
def test_desktop_says_whether_keys_can_be_heard(window_system, environment, expected) -> None:
    assert obstacle(window_system, environment) is expected


def test_missing_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    assert obstacle("xcb", {}) is Obstacle.NO_LIBRARY


@pytest.mark.skipif(sys.platform != "linux", reason="python-xlib is installed on Linux")
def test_listener_of_this_system_is_made() -> None:
    assert type(make_listener({})).__name__ == "XListener"
