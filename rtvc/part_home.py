"""The public home of the parts that no voice can do without and nobody may ship, and the way from there into parts."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from rtvc.errors import VoiceError
from rtvc.fetching import Fetched, FetchError, fetch
from rtvc.importing.hubert_files import import_part
from rtvc.parts import HUBERT, SPEAKER, STANDARD_ID, Part, Parts

HOME = "https://huggingface.co/lj1995/GPT-SoVITS/resolve/main/"
FILES: Mapping[str, tuple[str, ...]] = {
    HUBERT: tuple(
        f"chinese-hubert-base/{name}" for name in ("config.json", "preprocessor_config.json", "pytorch_model.bin")
    ),
    SPEAKER: ("sv/pretrained_eres2netv2w24s4ep4.ckpt",),
}
"""By kind of part; the weights are the last."""


def fetch_part(
    parts: Parts, kind: str, on_progress: Callable[[str, int, int], None], home: str = HOME
) -> tuple[Part, Fetched]:
    """Get a part from its home, and return it with what was downloaded; raises VoiceError saying what to do instead.

    `on_progress` is told the file, the bytes that are there and those that there will be.
    """
    folder = parts.folder / ".fetched" / kind
    fetched = None
    for name in FILES[kind]:
        try:
            fetched = fetch(home + name, folder / Path(name).name, lambda *told, name=name: on_progress(name, *told))
        except FetchError as error:
            raise VoiceError(f"{error}; {_by_hand(kind, home)}") from error
    assert fetched is not None
    part = import_part(parts, kind, _place(folder, kind), {"url": home + FILES[kind][-1]}, lambda _: None)
    shutil.rmtree(folder, ignore_errors=True)
    return part, fetched


def take_part(parts: Parts, kind: str, path: Path) -> Part:
    """Make a part of local files: its own folder or file, or a folder like the original's that they lie in."""
    places = [path / Path(FILES[kind][-1]).parent, path] if path.is_dir() else [path]
    for place in places:
        found = place if place.is_file() or kind == HUBERT else place / Path(FILES[kind][-1]).name
        if found.is_file() or any((found / Path(name).name).exists() for name in FILES[kind]):
            return import_part(parts, kind, found, {}, lambda _: None)
    if not path.exists():
        raise VoiceError(f"{path} is not there; {_by_hand(kind, HOME)}")
    return import_part(parts, kind, path, {}, lambda _: None)


def is_here(parts: Parts, kind: str) -> bool:
    """Whether the part of that kind that voices were made with is there."""
    return parts.find(STANDARD_ID[kind]) is not None


def _place(folder: Path, kind: str) -> Path:
    return folder if kind == HUBERT else folder / Path(FILES[kind][-1]).name


def _by_hand(kind: str, home: str) -> str:
    """What to do without a connection."""
    addresses = " and ".join(home + name for name in FILES[kind] if not name.endswith("preprocessor_config.json"))
    return f"download {addresses} elsewhere, put them into one folder and run: rtvc voices fetch {kind} --from FOLDER"
