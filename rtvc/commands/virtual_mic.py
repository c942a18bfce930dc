"""`rtvc virtual-mic`: a microphone that other programs record and rtvc speaks into."""

import argparse
from dataclasses import asdict

from rtvc.commands.options import add_json, print_json
from rtvc.devices import is_served
from rtvc.errors import DeviceError
from rtvc.virtual_mic.owning import make_to_stay, remove
from rtvc.virtual_mic.probing import Probe, probe
from rtvc.virtual_mic.state import VirtualState, virtual_state

EXAMPLES = """\
examples:
  rtvc virtual-mic make        make one, and hear whether it works
  rtvc run --virtual-mic       make one for as long as the session runs, and speak into it
  rtvc virtual-mic             what there is
  rtvc virtual-mic remove

With PulseAudio or PipeWire one is made, which stays until it is removed or the sound server ends. Elsewhere a virtual
cable of another maker is looked for, such as VB-Cable or BlackHole."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc virtual-mic` takes."""
    parser.epilog = EXAMPLES
    parser.add_argument(
        "action", nargs="?", choices=("make", "remove", "status"), default="status", help="what to do (default: status)"
    )
    parser.add_argument("--probe", action="store_true", help="with status: play a quiet tone into it and listen")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Do it and tell how things stand; 1 where a probe hears nothing. Raises DeviceError."""
    if args.action == "remove":
        was_there = _served() and remove()
        return _tell(args, virtual_state(), None, "removed" if was_there else "there was none")
    if args.action == "make" and not is_served():
        state = virtual_state()
        if not state.is_there:
            raise DeviceError(state.words)
    elif args.action == "make":
        make_to_stay()
    state = virtual_state()
    found = None
    if state.is_there and (args.action == "make" or args.probe):
        found = probe(state.output, state.microphone, is_served())
    return _tell(args, state, found, state.words)


def _served() -> bool:
    if not is_served():
        raise DeviceError("there is no sound server, so there is no virtual microphone of ours to remove")
    return True


def _tell(args: argparse.Namespace, state: VirtualState, found: Probe | None, words: str) -> int:
    if args.json:
        print_json({**asdict(state), "probe": asdict(found) if found is not None else None})
    else:
        print(words)
        if found is not None:
            print(found.words)
    return 0 if found is None or found.is_heard else 1
