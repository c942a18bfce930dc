"""`rtvc ctl`: drives a running rtvc, as the keys of a Stream Deck do."""

import argparse
from typing import Any

from rtvc.commands.options import add_json, print_json
from rtvc.control.actions import ACTIONS
from rtvc.control.client import ask
from rtvc.errors import ControlError

EXAMPLES = """\
examples:
  rtvc run --control &             a session that can be driven; in the window: a switch in its menu
  rtvc ctl voice bdl               speak with another voice
  rtvc ctl pass-through            your own sound, or the voice again; or: pass-through on, pass-through off
  rtvc ctl set output_gain_db -6   `rtvc voices info NAME` lists the controls
  rtvc ctl status --json

Only programs of the same user can do this: it goes over a socket in the user's own runtime folder. A program may
also write lines of JSON to control.sock there, as in {"do": "voice", "name": "bdl"}, and reads a line for each."""
WANTED = {"voice": "a voice's name", "set": "a control and a number"}
SWITCH = {"on": True, "off": False}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc ctl` takes."""
    parser.description = "Drive a running rtvc."
    listed = "\n".join(f"  {name:13} {action.summary}" for name, action in ACTIONS.items())
    parser.epilog = f"actions:\n{listed}\n\n{EXAMPLES}"
    parser.add_argument("action", choices=tuple(ACTIONS), metavar="ACTION", help=", ".join(ACTIONS))
    parser.add_argument("words", nargs="*", metavar="WORD", help="the voice's name, or a control and its value")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Ask for it; raises ControlError where nobody answers or it is refused."""
    answer = ask({"do": args.action, **_words(args.action, args.words)})
    if args.json:
        print_json(answer.get("status", answer))
    elif "status" in answer:
        print(_told(answer["status"]))
    return 0


def _words(action: str, words: list[str]) -> dict[str, Any]:
    """What is asked for beside the action, from the words behind it."""
    if action == "pass-through":
        if len(words) > 1 or not set(words) <= set(SWITCH):
            raise ControlError("rtvc ctl pass-through takes on, off or nothing")
        return {"on": SWITCH[words[0]]} if words else {}
    takes = ACTIONS[action].words
    if len(words) != len(takes):
        raise ControlError(f"rtvc ctl {action} takes {WANTED.get(action, 'no more words')}")
    found: dict[str, Any] = dict(zip(takes, words, strict=True))
    if "value" in found:
        try:
            found["value"] = float(found["value"])
        except ValueError:
            raise ControlError(f"{found['value']!r} is no number for {found['name']}") from None
    return found


def _told(status: dict[str, Any]) -> str:
    words = [status["state"], f"voice {status['voice']}" if status["voice"] else ""]
    words += [name for name, is_so in (("muted", status["muted"]), ("pass-through", status["pass_through"])) if is_so]
    if status["delay_ms"]:
        words.append(f"delay {status['delay_ms']:.0f} ms")
    return ", ".join(filter(None, [*words, status["message"]]))
