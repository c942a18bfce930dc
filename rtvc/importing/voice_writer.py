"""From a GPT-SoVITS checkpoint to a voice: the whole import, for the command line and the window alike."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from math import prod
from pathlib import Path
from typing import Any

from torch import Tensor

from models.checkpoint import read_tensors, write_tensors
from models.errors import CheckpointError
from models.sovits import COMMA, FAMILY, PARAMS, TEXT_MODES, read_synthesizer
from models.sovits_stream import FRAME_RATE, INPUT_RATE
from rtvc.errors import VoiceError
from rtvc.importing.checkpoint import Checkpoint, read_checkpoint, read_weights
from rtvc.importing.hubert_files import import_part
from rtvc.importing.needs import REFERENCES, STYLE, needs_of
from rtvc.importing.refusal import Refusal
from rtvc.importing.torch_file import TorchFile
from rtvc.library import WEIGHTS, Voice, checksum, read_voice
from rtvc.own_voices import OwnVoices, update_card, write_card
from rtvc.parts import HUBERT, SPEAKER, STANDARD_ID, Parts
from rtvc.references import Clip, read_clip, speaker_network, stored_clips, style_of, write_clips
from rtvc.voice_names import check_name, free_name, name_of_file

SHARES = {"reading": 0.5, "writing": 0.7, "listening to the references": 0.85, "done": 1.0}
"""How far the import is when each of its steps ends."""

Progress = Callable[[str, float], None]
"""Told what is being done and the fraction done; what it raises ends the work, and nothing of it stays."""


@dataclass(frozen=True)
class Wish:
    """What a user asks for: a file, the new voice's name, and what belongs to it."""

    file: Path
    name: str | None = None
    references: Sequence[Path] = ()
    hubert: Path | None = None
    speaker_verification: Path | None = None


@dataclass(frozen=True)
class Imported:
    """A new voice; `doubts` are sentences on what may be wrong, `needs` on what it lacks before it can speak."""

    voice: Voice
    doubts: tuple[str, ...] = field(default=())
    needs: tuple[str, ...] = field(default=())


def import_voice(own: OwnVoices, parts: Parts, wish: Wish, on_progress: Progress = lambda *_: None) -> Imported:
    """Make a voice of a checkpoint, which stays as it is.

    The file of a voice that is there already only brings it the references. Raises VoiceError or AudioFileError in one
    sentence: for a file that is no voice of a known version or may do harm,
    a name that is taken, a voice that is there already, a recording that is no reference.
    """
    if wish.name is not None:
        check_name(wish.name)
    clips = [read_clip(path) for path in wish.references]
    try:
        with TorchFile(wish.file) as file:
            checkpoint = read_checkpoint(file)
            origin = _origin(file, checkpoint)
            twin = _twin(own, origin["sha256"])
            if twin is not None and clips and wish.name in {None, twin}:
                return set_references(own, parts, twin, wish.references)
            if twin is not None:
                raise VoiceError(
                    f"{wish.file} is the voice {twin} already; to let it hear its speaker: "
                    f"rtvc voices reference {twin} clip.wav"
                )
            name = own.check_free(wish.name) if wish.name else free_name(name_of_file(wish.file), own.names())
            tensors = read_weights(file, checkpoint.weights, lambda done: on_progress("reading", 0.5 * done))
    except Refusal as refusal:
        raise VoiceError(f"{wish.file} {refusal}") from refusal
    facts = _import_parts(parts, wish, checkpoint, on_progress)

    def write(folder: Path) -> None:
        on_progress("writing", SHARES["writing"])
        metadata = {"family": FAMILY, "config": json.dumps(asdict(checkpoint.config))}
        write_tensors(folder / WEIGHTS, tensors, metadata)
        write_card(folder, _card(name, checkpoint, origin, checksum(folder / WEIGHTS, name)) | facts)
        if clips:
            on_progress("listening to the references", SHARES["listening to the references"])
            _hear(folder, clips, parts)

    voice = own.add(name, write)
    on_progress("done", SHARES["done"])
    return Imported(voice, _doubts(clips), needs_of(voice, parts))


def set_references(own: OwnVoices, parts: Parts, name: str, clips: Sequence[Path]) -> Imported:
    """Let a voice of the user's hear its speaker: in new recordings, or without any in those that it keeps.

    Raises VoiceError or AudioFileError.
    """
    folder = own.own(name)
    if read_voice(folder).card["family"] != FAMILY:
        raise VoiceError(f"voice {name} takes no references; imported GPT-SoVITS voices do")
    heard = [read_clip(path) for path in clips] or stored_clips(folder / REFERENCES)
    if not heard:
        raise VoiceError(f"voice {name} keeps no recordings; give it one: rtvc voices reference {name} clip.wav")
    _hear(folder, heard, parts)
    return Imported(read_voice(folder), _doubts(heard), needs_of(read_voice(folder), parts))


def _origin(file: TorchFile, checkpoint: Checkpoint) -> dict[str, Any]:
    facts = {
        "file": file.source.path.name,
        "sha256": file.source.sha256(lambda _: None),
        "epoch": checkpoint.epoch,
        "step": checkpoint.step,
        "format": checkpoint.format,
    }
    return {key: value for key, value in facts.items() if value is not None}


def _twin(own: OwnVoices, found: str) -> str | None:
    """The voice that was made of a file of this checksum."""
    for voice in own.library.list():
        origin = voice.card.get("origin")
        if isinstance(origin, Mapping) and origin.get("sha256") == found:
            return voice.name
    return None


def _import_parts(parts: Parts, wish: Wish, checkpoint: Checkpoint, on_progress: Progress) -> dict[str, str]:
    """The ids of the parts that the voice is to use; those that the user gave are stored."""
    told = partial(on_progress, "reading the content network")
    given = {HUBERT: wish.hubert, SPEAKER: wish.speaker_verification}
    stored = {
        kind: import_part(parts, kind, path, {}, lambda _: told(SHARES["reading"])).id
        for kind, path in given.items()
        if path is not None
    }
    ids = {**STANDARD_ID, **stored}
    facts = {"content": ids[HUBERT]}
    if checkpoint.config.has_speaker_verification:
        facts["speaker_verification"] = ids[SPEAKER]
    return facts


def _card(name: str, checkpoint: Checkpoint, origin: Mapping[str, Any], found: str) -> dict[str, Any]:
    return {
        "name": check_name(name),
        "title": name,
        "family": FAMILY,
        "version": checkpoint.version,
        "licence": "unknown: of the user's own file",
        "attribution": "unknown: of the user's own file",
        "input_rate": INPUT_RATE,
        "output_rate": FRAME_RATE * prod(checkpoint.config.upsample_rates),
        "text_vocabulary": checkpoint.config.text_vocabulary,
        "text": {"mode": TEXT_MODES[0], "ids": [COMMA]},
        "params": [asdict(param) for param in PARAMS],
        "sha256": found,
        "origin": dict(origin),
    }


def _hear(folder: Path, clips: Sequence[Clip], parts: Parts) -> None:
    """Keep recordings in a voice's folder, and the style that is heard in them; without its part, only the former."""
    card = read_voice(folder).card
    part_id = card.get("speaker_verification")
    style = None
    if part_id is None or parts.find(str(part_id)) is not None:
        try:
            speaker = None if part_id is None else speaker_network(parts.get(str(part_id), SPEAKER).weights)
            style = style_of(read_synthesizer(folder / WEIGHTS).eval(), clips, speaker)
        except CheckpointError as error:
            raise VoiceError(str(error)) from error
    for old in (folder / REFERENCES).glob("*.flac"):
        if old not in {clip.path for clip in clips}:
            old.unlink()
    write_clips(folder / REFERENCES, clips)
    measured = _words_of(folder / STYLE)
    (folder / STYLE).unlink(missing_ok=True)
    if style is not None:
        write_tensors(folder / STYLE, {"ge": style, **measured}, {"family": FAMILY})
    if any(clip.path.parent != folder / REFERENCES for clip in clips):
        update_card(folder, {"references": [clip.path.name for clip in clips]})


def _words_of(style: Path) -> dict[str, Tensor]:
    """What a calibration measured of words, which does not depend on who speaks."""
    try:
        tensors = read_tensors(style)[0] if style.is_file() else {}
    except CheckpointError:  # it is about to be replaced
        return {}
    return {name: tensor for name, tensor in tensors.items() if name == "text_mean"}


def _doubts(clips: Sequence[Clip]) -> tuple[str, ...]:
    return tuple(clip.doubt for clip in clips if clip.doubt)
