"""Voices of GPT-SoVITS brought in, in a process of their own."""

from pathlib import Path

from rtvc.errands.errand import Line
from rtvc.importing.checkpoint import look
from rtvc.own_voices import OwnVoices

Told = tuple[str, tuple[str, ...], tuple[str, ...]]
"""A voice's name, what may be wrong with it, and what it lacks before it can speak."""


def import_file(line: Line, own: OwnVoices, file: Path, references: tuple[Path, ...]) -> Told:
    """Make a voice of a checkpoint; raises VoiceError, AudioFileError, Cancelled."""
    line.reach_or_end("looking at the file", 0.0)
    look(file)  # most refusals come from here, before the networks are imported
    from rtvc.importing.voice_writer import Wish, import_voice
    from rtvc.parts import default_parts

    imported = import_voice(own, default_parts(), Wish(file, references=references), line.reach_or_end)
    return imported.voice.name, imported.doubts, imported.needs


def give_references(line: Line, own: OwnVoices, name: str, clips: tuple[Path, ...]) -> Told:
    """Let an imported voice hear its speaker; raises VoiceError, AudioFileError, Cancelled."""
    line.reach_or_end("listening to the references", 0.1)
    from rtvc.importing.voice_writer import set_references
    from rtvc.parts import default_parts

    heard = set_references(own, default_parts(), name, clips)
    return name, heard.doubts, heard.needs


def fetch_parts(line: Line, own: OwnVoices, name: str) -> Told:
    """Get what a voice shares with others and lacks, then let it hear its speaker; raises VoiceError, Cancelled."""
    from rtvc.importing.needs import REFERENCES, STYLE, needs_of
    from rtvc.importing.voice_writer import set_references
    from rtvc.part_home import fetch_part, is_here
    from rtvc.parts import HUBERT, SPEAKER, default_parts

    def share(file: str, done: int, total: int) -> None:
        line.reach_or_end(f"fetching {file}", done / total if total else 0.0)

    parts, voice = default_parts(), own.library.get(name)
    for kind in (HUBERT, *([SPEAKER] if "speaker_verification" in voice.card else [])):
        if not is_here(parts, kind):
            fetch_part(
                parts, kind, lambda file, done, total: line.reach_or_end(f"fetching {file}", done / (total or 1))
            )
    if not (voice.folder / STYLE).is_file() and any((voice.folder / REFERENCES).glob("*.flac")):
        set_references(own, parts, name, ())
    return name, (), needs_of(voice, parts)
