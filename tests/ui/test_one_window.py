"""A second start of the program, by real processes."""

import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from rtvc.control.one_window import OneWindow
from tests.pulse_server import wait_until
from tests.ui.desktop import MISSING, Desktop, x_display
from tests.ui.test_app import BRIEF, ROOT, environment, run_python

PATIENCE = 60.0


def open_window(config, **changes):
    return subprocess.Popen(
        [sys.executable, "-m", "ui", "--config", str(config)],
        env=environment(**changes), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture
def runtime(tmp_path, monkeypatch):
    """A runtime folder of this test's own, for this process and its children."""
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/none")
    return folder


def test_second_start_brings_the_window_to_the_front_and_says_so(runtime, desk):
    one = OneWindow(desk.path)
    assert one.claim()
    desk.controller.control.answer_later_starts(one.place)
    desk.window.showMinimized()

    with open_window(desk.path) as second:
        try:
            desk.qtbot.waitUntil(lambda: second.poll() is not None, timeout=60_000)
        finally:
            second.kill()
        told, trouble = second.communicate()

    assert (second.returncode, told, trouble) == (0, "rtvc is open already; its window is in front now\n", "")
    assert desk.window.isVisible() and not desk.window.isMinimized()
    desk.controller.control.close()
    one.close()


def test_window_comes_to_the_front_as_large_as_it_was(desk):
    desk.window.showMaximized()
    desk.window.showMinimized()

    desk.controller._program.show_window()

    assert desk.window.isMaximized() and not desk.window.isMinimized()


def test_window_that_was_killed_leaves_room_for_another(runtime, tmp_path):
    config = tmp_path / "config.yaml"
    with open_window(config) as first:
        wait_until(lambda: list(runtime.glob("rtvc/window-*.sock")), PATIENCE, "the window listens")
        first.send_signal(signal.SIGKILL)

    run = run_python("-c", BRIEF, "--config", str(config))

    assert (run.returncode, run.stdout) == (0, ""), run.stderr
    assert "width: 1140" in config.read_text()


@pytest.mark.skipif(bool(MISSING), reason=f"no {', '.join(MISSING)} on this machine")
def test_window_is_above_what_covered_it(runtime, tmp_path):
    from Xlib.display import Display

    (tmp_path / "config").mkdir()
    with x_display() as name:
        desktop = Desktop(tmp_path, name, SimpleNamespace(environment={}))
        try:
            screen = Display(name).screen()
            cover = screen.root.create_window(0, 0, 2000, 1600, 0, screen.root_depth)
            cover.map()
            wait_until(lambda: screen.root.query_pointer().child.id == cover.id, PATIENCE, "the window is covered")

            with open_window(desktop.config, DISPLAY=name, QT_QPA_PLATFORM="xcb") as second:
                assert second.wait(PATIENCE) == 0

            desktop.tool("mousemove", "--window", desktop.window, "400", "300")
            above = int(desktop.window)
            wait_until(lambda: screen.root.query_pointer().child.id == above, PATIENCE, "it is in front")
        finally:
            desktop.close()
