"""The window's language: its texts are written in English, and translated by Qt."""

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

Language = Literal["system", "en", "zh"]
FOLDER = Path(__file__).with_name("translations")
CHINESE = "zh_CN"
TRADITIONAL = ("hant", "tw", "hk", "mo")


def translate(context: str, text: str) -> str:
    """Return a text in the window's language; one that nobody has translated stays as it is."""
    return QCoreApplication.translate(context, text) if text else ""


def marked(context: str, text: str) -> str:
    """Return a text as it is: it is to be translated where it is shown, which is when a language is chosen."""
    return text


def use_language(app: QCoreApplication, language: Language) -> tuple[QTranslator, ...]:
    """Show what is made from now on in this language, and return what translates.

    "system" is the desktop's language where there is a translation, else English.
    """
    chosen = system_language(QLocale.system().uiLanguages()) if language == "system" else language
    if chosen != "zh":
        return ()
    library = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    files = ((f"qtbase_{CHINESE}", library), (f"rtvc_{CHINESE}", str(FOLDER)))
    found = [(QTranslator(app), name, folder) for name, folder in files]
    used = tuple(translator for translator, name, folder in found if translator.load(name, folder))
    for translator in used:
        app.installTranslator(translator)
    return used


def system_language(wanted: list[str]) -> Language:
    """Return the first language of a desktop's list, as "zh-Hans-CN", that there is; English where there is none."""
    for one in wanted:
        first, *rest = one.replace("_", "-").casefold().split("-")
        if first == "en":
            return "en"
        if first == "zh" and not set(rest) & set(TRADITIONAL):
            return "zh"
    return "en"
