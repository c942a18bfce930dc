import os

import pytest

from tests.ui.desk import DEVICES, Desk, put_voice

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def open_desk(qtbot, tmp_path, monkeypatch):
    """Open the window, as often as wanted, with two voices: bdl and slt."""
    put_voice(tmp_path, "bdl", sex="male")
    put_voice(tmp_path, "slt", sex="female")
    monkeypatch.setattr("ui.run_options.list_devices", lambda: DEVICES)
    desks = []

    def open_one(config=None):
        desks.append(Desk(qtbot, tmp_path, config))
        return desks[-1]

    yield open_one
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(open_desk):
    return open_desk()
