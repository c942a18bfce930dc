"""The desktop entry that starts the window on Linux."""

import subprocess
from pathlib import Path

import pytest

from rtvc.autostart.desktop_file import NAME, DesktopFile, quoted
from rtvc.errors import RtvcError

COMMAND = ["/opt/my voice/python", "-m", "rtvc.cli"]


def test_entry_is_where_the_desktop_looks_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    entry = DesktopFile(COMMAND)
    assert not entry.is_on()

    entry.switch(True)

    assert entry.is_on()
    text = (tmp_path / "config" / "autostart" / NAME).read_text()
    assert 'Exec="/opt/my voice/python" "-m" "rtvc.cli"\n' in text
    entry.switch(False)
    entry.switch(False)
    assert not entry.is_on() and list((tmp_path / "config" / "autostart").iterdir()) == []


@pytest.mark.parametrize("given", ["", "relative/config"])
def test_only_an_absolute_path_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", given)
    monkeypatch.setenv("HOME", str(tmp_path))

    DesktopFile(COMMAND).switch(True)

    assert (tmp_path / ".config" / "autostart" / NAME).exists()


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_entry_that_the_desktop_switched_off_is_off(tmp_path: Path, line: str) -> None:
    entry = DesktopFile(COMMAND, tmp_path)
    entry.switch(True)
    with (tmp_path / NAME).open("a") as file:
        file.write(f"{line}\n")
    assert not entry.is_on()

    entry.switch(True)

    assert entry.is_on()


@pytest.mark.parametrize("word", ["plain", "two words", 'a "quote"', "50%", "$HOME `id`", r"back\slash", "中文"])
def test_any_word_reaches_the_program_as_it_is(word: str) -> None:
    value = quoted([word, "next"]).replace("\\\\", "\\").replace("%%", "%")  # as the value of this key is read

    told = subprocess.run(["sh", "-c", f"printf '%s,' {value}"], capture_output=True, text=True, check=True).stdout

    assert told == f"{word},next,"  # a shell's quotes have the same rules


def test_what_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(RtvcError, match=r"autostart cannot be switched: .*rtvc\.desktop \(.+\)"):
        DesktopFile(COMMAND, tmp_path / "file" / "autostart").switch(True)


@pytest.mark.parametrize("data", [b"no entry", b"[Desktop Entry]\n\xff"])
def test_what_cannot_be_read_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / NAME).write_bytes(data)

    with pytest.raises(RtvcError, match="remove it, and choose again"):
        DesktopFile(COMMAND, tmp_path).is_on()
