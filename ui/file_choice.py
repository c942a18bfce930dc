"""Files and folders chosen in a dialog that nothing waits for."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from ui.language import marked

VOICES = marked("rtvc", "GPT-SoVITS voices (*.pth *.pt *.ckpt);;All files (*)")
SOUNDS = marked(
    "rtvc", "Recordings (*.wav *.flac *.mp3 *.ogg *.opus *.m4a *.aac *.aif *.aiff *.wma *.webm);;All files (*)"
)
HEARD = marked(
    "rtvc", "Recordings (*.wav *.flac *.mp3 *.ogg *.oga *.opus *.aif *.aiff *.au *.caf *.w64 *.rf64);;All files (*)"
)

Chosen = Callable[[tuple[Path, ...]], None]


def choose_files(parent: QWidget, title: str, kinds: str, chosen: Chosen) -> QFileDialog:
    """Ask for files; `chosen` follows unless the user thinks better of it."""
    dialog = QFileDialog(parent, title, "", kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    return _opened(dialog, chosen)


def choose_folder(parent: QWidget, title: str, chosen: Chosen) -> QFileDialog:
    """Ask for a folder; `chosen` follows unless the user thinks better of it."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    return _opened(dialog, chosen)


def _opened(dialog: QFileDialog, chosen: Chosen) -> QFileDialog:
    dialog.filesSelected.connect(lambda names: chosen(tuple(Path(name) for name in names)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
