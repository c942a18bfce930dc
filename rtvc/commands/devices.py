"""`rtvc devices`: the sound devices by the names that `--input`, `--output` and `--monitor` take."""

import argparse
from dataclasses import asdict

from rtvc.commands.options import add_json, print_json
from rtvc.commands.table import print_table
from rtvc.devices import Device, list_devices

EXAMPLES = """\
examples:
  rtvc devices
  rtvc devices --json

The names are exactly those of the sound server. * marks the default. A monitor is no microphone: it hears
what an output plays."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc devices` takes."""
    parser.description = "List the sound devices by their exact names."
    parser.epilog = EXAMPLES
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the devices; raises DeviceError where there is no sound system to ask."""
    devices = list_devices()
    if args.json:
        print_json([asdict(device) for device in devices])
        return 0
    _print("inputs", [device for device in devices if device.is_input])
    _print("outputs", [device for device in devices if device.is_output])
    return 0


def _print(title: str, devices: list[Device]) -> None:
    if not devices:
        print(f"{title}: none")
        return
    rows = [[f"{title}:", "", "Hz", ""]]
    for one in devices:
        words = f"{one.description} (monitor)" if one.is_monitor else one.description
        rows.append([one.name, "*" if one.is_default else "", str(one.rate), words])
    print_table(rows)
