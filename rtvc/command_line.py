"""The command `rtvc`: finds the subcommand, hands over to it and turns faults into sentences and exit codes.

Exit codes: 0 done, 1 a fault of the world (one sentence on stderr), 2 wrong usage, 130 interrupted.
"""

import argparse
import importlib
import os
import re
import sys
import traceback
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import platformdirs

from models.errors import ModelError
from rtvc.config import default_path
from rtvc.errors import RtvcError
from rtvc.extras import how_to_get
from rtvc.nearest import nearest

DESCRIPTION = """\
Change a voice live: a microphone goes in, another person's voice comes out.
Without a command, `rtvc` opens the window."""

EXAMPLES = """\
examples:
  rtvc                                       open the window
  rtvc demo                                  hear a shipped voice without a microphone
  rtvc devices                               the names that --input and --output take
  rtvc run --voice slt                       convert the default microphone to the default speaker
  rtvc convert speech.wav out.wav --voice bdl

`rtvc COMMAND --help` explains a command. Exit codes: 0 done, 1 something went wrong (one sentence
says what), 2 wrong usage, 130 interrupted."""


class Command(NamedTuple):
    """Where a command lives; the module has `add_arguments(parser)` and `run(args) -> int`."""

    module: str
    summary: str


WINDOW = "window"
COMMANDS: dict[str, Command] = {
    WINDOW: Command("rtvc.commands.window", "open the window; the same as no command"),
    "run": Command("rtvc.commands.run", "convert the microphone live, without a window"),
    "convert": Command("rtvc.commands.convert", "convert a recording or a folder of recordings"),
    "demo": Command("rtvc.commands.demo", "convert a bundled recording through the live path"),
    "devices": Command("rtvc.commands.devices", "list the sound devices by their exact names"),
    "virtual-mic": Command("rtvc.commands.virtual_mic", "a microphone for other programs, which rtvc speaks into"),
    "voices": Command("rtvc.commands.voices", "list the voices, or tell all about one"),
    "ctl": Command("rtvc.commands.ctl", "drive a running rtvc: start, stop, mute, voice NAME, status and more"),
    "calibrate-latency": Command("rtvc.commands.calibrate_latency", "find the lowest safe delay on this machine"),
    "measure": Command("rtvc.commands.measure", "measure the whole delay by a click, beside what is stated"),
    "diagnose": Command("rtvc.commands.diagnose", "write a zip with what a report of a fault needs"),
    "bench": Command("rtvc.commands.bench", "measure load and delay of a voice on this machine"),
    "train": Command("rtvc.training.command", "train a voice, or a part of one, on recordings"),
}


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaint is one line, with the nearest option and where help is."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **settings)
        self.words: Sequence[str] = ()  # those it is to read, where it has no subcommands

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments and leave with exit code 2."""
        self.exit(2, f"{self.prog}: {self._stray_option() or message} (see {self.prog} --help)\n")

    def _stray_option(self) -> str | None:
        """Tell the first option that does not exist: it may have led to any other complaint."""
        known = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", self.format_help()))
        for word in takewhile(lambda one: one != "--", self.words):
            option = word.partition("=")[0]
            if word.startswith("--") and option not in known:
                near = nearest(option, known)
                return f"unknown option {option}" + (f"; did you mean {near}?" if near else "")
        return None


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` and return its exit code; a fault is one sentence on stderr."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _run(words)
        sys.stdout.flush()
    except SystemExit as leaving:  # argparse after --help or wrong usage
        code = leaving.code if isinstance(leaving.code, int) else 0
    except (RtvcError, ModelError) as error:
        code = _say(str(error), 1)
    except KeyboardInterrupt:
        code = _say("interrupted", 130)
    except BrokenPipeError:  # the reader of our output has gone, as in `rtvc voices | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except ModuleNotFoundError as error:
        code = _say(how_to_get(error) or _report(error, words), 1)
    except Exception as error:  # noqa: BLE001 (a mistake of the program itself: kept for the report)
        code = _say(_report(error, words), 1)
    return code


def _run(words: list[str]) -> int:
    chosen = _chosen_command(words)
    parser, commands = _parsers(words, chosen)
    if chosen is not None and chosen not in COMMANDS:
        near = nearest(chosen, COMMANDS)
        hint = f"; did you mean {near}?" if near else f"; there are {', '.join(COMMANDS)}"
        parser.error(f"unknown command {chosen!r}{hint}")
    args, unknown = parser.parse_known_args(words if chosen else [*words, WINDOW])
    if args.command is None:
        parser.error("--config needs the name of a file")
    if unknown:
        (commands[args.command] if chosen else parser).error(f"unknown arguments: {' '.join(unknown)}")
    if args.version:
        from importlib.metadata import version  # late, as it loads more than the rest of this module

        print(f"rtvc {version('rtvc')}")
        return 0
    module = importlib.import_module(COMMANDS[args.command].module)
    return int(module.run(args))


def _parsers(words: list[str], chosen: str | None) -> tuple[Parser, dict[str, Parser]]:
    """Return the parser of everything; only the `chosen` command knows its arguments."""
    parser = Parser(prog="rtvc", description=DESCRIPTION, epilog=EXAMPLES)
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    parser.words = words[: words.index(chosen)] if chosen else words
    _add_config(parser, default_path())
    adder = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=Parser)
    commands = {}
    for name, command in COMMANDS.items():
        commands[name] = adder.add_parser(name, help=command.summary, description=f"{_sentence(command.summary)}.")
        commands[name].words = words if chosen else ()
        _add_config(commands[name], argparse.SUPPRESS)
        if name == (chosen or WINDOW):
            importlib.import_module(command.module).add_arguments(commands[name])
    return parser, commands


def _add_config(parser: Parser, default: Any) -> None:
    parser.add_argument(
        "--config", metavar="FILE", type=Path, default=default, help="settings file to use in place of the user's own"
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _chosen_command(words: list[str]) -> str | None:
    """Return the first word that is no option and no value of one."""
    rest = iter(words)
    for word in rest:
        if word == "--config":
            next(rest, None)
        elif not word.startswith("-"):
            return word
    return None


def _say(sentence: str, code: int) -> int:
    print(f"rtvc: {sentence}", file=sys.stderr)
    return code


def _report(error: Exception, words: list[str]) -> str:
    """Keep the traceback where a report can take it from, and return the sentence that says so."""
    told = f"this is a mistake in rtvc itself ({type(error).__name__}: {error})"
    folder = Path(platformdirs.user_log_dir("rtvc", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "last_error.txt"
        path.write_text(f"rtvc {' '.join(words)}\n{''.join(traceback.format_exception(error))}", encoding="utf-8")
    except OSError:
        return told
    return f"{told}; please report it with {path}"
