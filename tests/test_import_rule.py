"""The import rule, `ui -> rtvc -> models -> torch`, and what no file may do, read from the source itself."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for package in ("models", "rtvc", "ui")
    for path in sorted((ROOT / package).rglob("*.py"))
}
UNSAFE = {"dill", "joblib", "marshal", "pickle", "shelve"}
FORBIDDEN = {
    "models": {"PySide6", "multiprocessing", "platformdirs", "pulsectl", "rtvc", "sounddevice", "ui", "yaml"} | UNSAFE,
    "rtvc": {"PySide6", "ui"} | UNSAFE,
    "ui": {"models", "pulsectl", "safetensors", "sounddevice", "soundfile", "torch", "torchaudio"} | UNSAFE,
}
"""What no file of a package imports, at its top or inside a function."""

SOUND_FILES = ("rtvc/audio", "rtvc/devices", "rtvc/streams")
TORCHAUDIO_FILES = ("rtvc/evaluate", "rtvc/training/")
"""Beginnings of the paths that may import the sound library, and the one that a live voice does without."""

TORCHLESS = (
    "rtvc.audio",
    "rtvc.command_line",
    "rtvc.config",
    "rtvc.devices",
    "rtvc.library",
    "rtvc.session",
    "rtvc.status",
)
"""What the window and the audio process import."""


def imported_packages(tree: ast.AST) -> Iterator[str]:
    """Yield the top-level name of every absolute import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def importers(package: str) -> list[str]:
    return [name for name, tree in SOURCES.items() if package in imported_packages(tree)]


def calls(tree: ast.AST) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every call as written, with its keyword arguments as written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), {word.arg: ast.unparse(word.value) for word in node.keywords if word.arg}


@pytest.mark.parametrize("name", SOURCES)
def test_file_imports_only_what_lies_below_it(name: str) -> None:
    assert not FORBIDDEN[name.partition("/")[0]] & set(imported_packages(SOURCES[name]))


def test_sound_library_is_imported_only_where_streams_are_opened() -> None:
    assert [name for name in importers("sounddevice") if not name.startswith(SOUND_FILES)] == []


def test_torchaudio_is_not_needed_to_convert() -> None:
    assert [name for name in importers("torchaudio") if not name.startswith(TORCHAUDIO_FILES)] == []


@pytest.mark.parametrize("name", SOURCES)
def test_file_loads_data_and_never_code(name: str) -> None:
    for called, words in calls(SOURCES[name]):
        assert called not in ("eval", "exec", "yaml.load", "yaml.unsafe_load")
        assert called != "torch.load" or words.get("weights_only") == "True"
        assert words.get("allow_pickle", "False") == "False"
        assert words.get("shell", "False") == "False"


@pytest.mark.parametrize("name", SOURCES)
def test_importing_a_file_only_defines(name: str) -> None:
    tree = SOURCES[name]

    acting = [node for node in tree.body if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)]

    assert [ast.unparse(node) for node in acting] == []


@pytest.mark.parametrize("module", TORCHLESS)
def test_light_module_leaves_torch_and_qt_unloaded(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"

    loaded = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).split()

    assert not {"torch", "PySide6", "models.base", "models.registry"} & set(loaded)
