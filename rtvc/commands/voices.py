"""`rtvc voices`: the voices on disk, and all about one of them."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, NoReturn

from rtvc.commands.options import add_json, print_json, warn
from rtvc.commands.table import print_table
from rtvc.config import load
from rtvc.library import Library, Voice, default_library
from rtvc.params import COMMON_CONTROLS, Control, read_controls

EXAMPLES = """\
examples:
  rtvc voices                  what there is
  rtvc voices info slt         licence, quality and controls of one voice; its weights are verified
  rtvc voices --json           the list for a program

A voice is a folder with a card.yaml and the weights voice.safetensors. The shipped voices come with the program,
your own are found where the list says, and * marks the one in your settings."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc voices` takes."""
    parser.description = "List the voices, or tell all about one."
    parser.epilog = EXAMPLES
    parser.add_argument("words", metavar="list | info NAME", nargs="*", help="list the voices (default), or show one")
    add_json(parser)
    parser.set_defaults(refuse=parser.error)


def run(args: argparse.Namespace) -> int:
    """List the voices or show one; raises VoiceError."""
    library = default_library()
    if args.words in ([], ["list"]):
        return _list(library, load(args.config).voice.name, args.json)
    *verb, name = args.words
    if verb not in ([], ["info"]) or args.words == ["info"]:
        refuse: Callable[[str], NoReturn] = args.refuse
        refuse("give nothing, list, or info and the name of one voice")
    return _show(library.get(name), args.json)


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
    if as_json:
        print_json({**facts, "controls": [asdict(control) for control in controls]})
        return 0
    for key, value in facts.items():
        _print_fact(key, value, "")
    print("controls:")
    print_table([["  " + one.name, _range(one), one.help] for one in controls])
    return 0


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
