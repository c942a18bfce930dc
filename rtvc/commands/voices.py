"""`rtvc voices`: the voices on disk, all about one of them, and what can be done with the user's own."""

import argparse
import importlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from rtvc.commands.opinions import opinion_lines
from rtvc.commands.options import add_json, print_json, warn
from rtvc.commands.table import print_table
from rtvc.config import load
from rtvc.library import Library, Voice, default_library
from rtvc.nearest import hint
from rtvc.params import COMMON_CONTROLS, Control, read_controls

IMPORTED = "sovits"
EXAMPLES = """\
examples:
  rtvc voices                  what there is
  rtvc voices info slt         licence, quality and controls of one voice; its weights are verified
  rtvc voices --json           the list for a program
  rtvc voices import anna_e8_s144.pth --reference anna.wav

{verbs}

`rtvc voices VERB --help` explains one. A voice is a folder with a card.yaml and the weights voice.safetensors. The
shipped voices come with the program, your own are found where the list says, and * marks the one in your settings."""


class Verb(NamedTuple):
    """One thing to do with voices: its module has `add_arguments(parser)` and `run(args) -> int`."""

    module: str
    summary: str


VERBS: dict[str, Verb] = {
    "train": Verb("rtvc.commands.voices_train", "make a voice of your own from recordings, in minutes"),
    "record": Verb("rtvc.commands.voices_record", "read sentences aloud, for a voice of your own"),
    "blend": Verb("rtvc.commands.voices_blend", "make a voice between two others"),
    "test": Verb("rtvc.commands.voices_test", "write a report: figures, spectra, both sides to listen to"),
    "import": Verb("rtvc.commands.voices_import", "make a voice of a GPT-SoVITS checkpoint"),
    "reference": Verb("rtvc.commands.voices_reference", "let an imported voice hear its speaker"),
    "calibrate": Verb("rtvc.commands.voices_calibrate", "measure what suits a GPT-SoVITS voice, and keep it"),
    "fetch": Verb("rtvc.commands.voices_fetch", "get the parts that imported voices need"),
    "rename": Verb("rtvc.commands.voices_rename", "give a voice of yours another name"),
    "remove": Verb("rtvc.commands.voices_remove", "put a voice of yours into the trash"),
    "restore": Verb("rtvc.commands.voices_restore", "bring a removed voice back"),
    "export": Verb("rtvc.commands.voices_export", "copy a voice to take it elsewhere"),
}
"""Beside `list` and `info`, which are here."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc voices` takes; of a verb, what that one takes."""
    verb = next((word for word in _verbs(getattr(parser, "words", ())) if word in VERBS), None)
    parser.set_defaults(refuse=parser.error, verb=verb)
    if verb is not None:
        parser.add_argument("spoken", metavar=verb, choices=[verb], help=f"{VERBS[verb].summary}")
        parser.description = f"{VERBS[verb].summary[0].upper()}{VERBS[verb].summary[1:]}."
        importlib.import_module(VERBS[verb].module).add_arguments(parser)
        return
    verbs = "\n".join(f"  {name:<12} {verb.summary}" for name, verb in VERBS.items())
    parser.description = "List the voices, tell all about one, or change your own."
    parser.epilog = EXAMPLES.format(verbs=f"verbs:\n{verbs}")
    parser.add_argument("words", metavar="list | info NAME", nargs="*", help="list the voices (default), or show one")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Do what the verb says, list the voices or show one; raises VoiceError."""
    if args.verb is not None:
        return int(importlib.import_module(VERBS[args.verb].module).run(args))
    library = default_library()
    if args.words in ([], ["list"]):
        return _list(library, load(args.config).voice.name, args.json)
    *verb, name = args.words
    if verb not in ([], ["info"]) or args.words == ["info"]:
        near = hint(args.words[0], ["list", "info", *VERBS])
        args.refuse(f"give nothing, list, or info and the name of one voice, or another verb{near}")
    return _show(library.get(name), args.json)


def _verbs(words: Sequence[str]) -> Iterator[str]:
    """The word after `voices`, if it is no option."""
    rest = iter(words)
    plain = []
    for word in rest:
        if word == "--config":
            next(rest, None)
        elif not word.startswith("-"):
            plain.append(word)
    yield from plain[1:2]


def _list(library: Library, chosen: str, as_json: bool) -> int:
    voices, faults = library.list(), library.faults()
    if as_json:
        print_json([{**_summary(voice), "chosen": voice.name == chosen} for voice in voices])
    elif voices:
        rows = [["name", "", "title", "sex", "Hz", "folder"]]
        for voice in voices:
            told = [str(_summary(voice)[key] or "") for key in ("title", "sex", "output_rate", "folder")]
            rows.append([voice.name, "*" if voice.name == chosen else "", *told])
        print_table(rows)
    else:
        print("There are no voices.")
    for sentence in faults.values():
        warn(sentence)
    return 1 if faults else 0


def _show(voice: Voice, as_json: bool) -> int:
    controls = (*read_controls(voice.card), *COMMON_CONTROLS)
    facts = {key: value for key, value in voice.card.items() if key != "params"} | _summary(voice)
    needs = _needs(voice)
    if as_json:
        print_json({**facts, "controls": [asdict(control) for control in controls], "needs": needs})
        return 0
    for key, value in facts.items():
        _print_fact(key, value, "")
    for sentence in needs:
        print(f"not ready: {sentence}")
    if "consent" in voice.card:  # the user's own, scored where it was made
        for line in opinion_lines(voice.card.get("quality", [{}])[0]):
            print(line)
    print("controls:")
    print_table([["  " + one.name, _range(one), one.help] for one in controls])
    return 0


def _needs(voice: Voice) -> tuple[str, ...]:
    if voice.card["family"] != IMPORTED:
        return ()
    from rtvc.importing.needs import needs_of  # brings torch, which takes a second
    from rtvc.parts import default_parts

    return needs_of(voice, default_parts())


def _summary(voice: Voice) -> dict[str, Any]:
    weights = voice.weights
    known = {key: voice.card.get(key) for key in ("family", "sex", "input_rate", "output_rate", "licence")}
    size = weights.stat().st_size if weights else None
    return {"name": voice.name, "title": voice.title, **known, "folder": str(voice.folder), "bytes": size}


def _range(control: Control) -> str:
    return f"{control.low:g} to {control.high:g} {control.unit}".rstrip() + f", default {control.default:g}"


def _print_fact(key: str, value: Any, indent: str) -> None:
    if isinstance(value, Mapping):
        print(f"{indent}{key}:")
        for name, one in value.items():
            _print_fact(str(name), one, indent + "  ")
    elif value is not None:
        print(f"{indent}{key}: {value}")
