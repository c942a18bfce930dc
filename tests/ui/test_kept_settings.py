from dataclasses import replace

import pytest

from rtvc.config import Config, EngineConfig, load, save
from ui.kept_settings import KeptSettings


@pytest.fixture
def path(tmp_path):
    return tmp_path / "config.yaml"


def test_changes_survive(qapp, path):
    settings = KeptSettings(path)
    settings.change("engine", hop_ms=40.0)
    settings.change("audio", input="mic")

    assert settings.close(10)

    kept = KeptSettings(path).config
    assert (kept.engine.hop_ms, kept.audio.input) == (40.0, "mic")


def test_changes_are_written_after_a_while(qtbot, path):
    settings = KeptSettings(path)
    settings.change("engine", hop_ms=40.0)

    qtbot.waitUntil(path.exists, timeout=10000)

    assert load(path).engine.hop_ms == 40.0


def test_nothing_is_written_without_a_change(qapp, path):
    settings = KeptSettings(path)
    settings.change("engine", hop_ms=Config().engine.hop_ms)

    settings.close(10)

    assert not path.exists()


def test_changes_of_another_program_stay(qapp, path):
    settings = KeptSettings(path)
    save(Config(engine=EngineConfig(threads=4), talkers={"mic": 118.0}), path)
    settings.change("engine", hop_ms=40.0)

    settings.close(10)

    assert load(path) == Config(engine=EngineConfig(threads=4, hop_ms=40.0), talkers={"mic": 118.0})


def test_any_change_can_be_applied(qapp, path):
    settings = KeptSettings(path)

    settings.apply(lambda config: replace(config, talkers={"mic": 100.0}))

    assert settings.config.talkers == {"mic": 100.0}
    settings.close(10)
    assert load(path).talkers == {"mic": 100.0}


def test_file_that_cannot_be_read_is_told_and_left_alone(qtbot, path):
    path.write_text("engine: {hop: 20}\n")
    settings = KeptSettings(path)
    settings.change("engine", hop_ms=40.0)

    with qtbot.waitSignal(settings.fault_found, timeout=10000) as told:
        settings.save()

    assert "did you mean engine.hop_ms?" in settings.fault
    assert "not kept" in told.args[0]
    assert settings.config.engine.hop_ms == 40.0
    assert path.read_text() == "engine: {hop: 20}\n"


def test_folder_that_cannot_be_written_is_told_once(qtbot, tmp_path):
    (tmp_path / "file").write_text("")
    settings = KeptSettings(tmp_path / "file" / "config.yaml")
    told = []
    settings.fault_found.connect(told.append)

    for hop_ms in (40.0, 80.0):
        settings.change("engine", hop_ms=hop_ms)
        settings.save()
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(100)

    assert len(told) == 1
    assert "changes are not kept" in told[0]
