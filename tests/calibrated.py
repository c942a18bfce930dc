"""Whether what Calibrate chooses holds, and whether less would have done.

    python -m tests.calibrated choose --voice slt [--times 3] [--seconds 60]
    python -m tests.calibrated search --voice slt --hops 20 40 --margins 0 5 10 15 [--seconds 60]

On a PulseAudio of its own. `choose` calibrates, several times, and runs each choice for `--seconds`; `search` runs
every setting of these hops and margins, in milliseconds, for as long. Prints a line for each: its late hops, and the
slack of its stretches of half a second, in milliseconds.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

from rtvc.latency.calibration import calibrate_latency
from rtvc.library import default_library
from rtvc.plan import SessionOptions
from rtvc.session import Session
from rtvc.status import State
from tests.pulse_server import pulse_server, wait_until
from tests.soak import speech, times_of

SETTLING = 2.0
TICK = 0.1


def run(options: SessionOptions, seconds: float) -> dict[str, Any]:
    """Late hops, load and slack of some seconds, the first two not counted."""
    slacks = []
    with Session() as session:
        session.start(options)
        wait_until(lambda: session.status().state in (State.RUNNING, State.FAILED), 120, "it runs")
        time.sleep(SETTLING)
        before = seen = session.timing()
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            time.sleep(TICK)
            now = session.timing()
            if now.stretches != seen.stretches:
                slacks.append(now.slack)
            seen = now
        status = session.status()
    return {
        "late": status.late - before.late,
        "late_at_first": before.late,
        "slack_ms": {"least": _ms(min(slacks, default=0.0)), "median": _ms(median(slacks or [0.0]))},
        "load_p95": round(status.load.p95, 3),
        "delay_ms": _ms(status.delay.total),
    }


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 1)


@contextmanager
def talking(voice: str) -> Iterator[SessionOptions]:
    """What a session with somebody at the microphone of a server of its own is to do."""
    found = default_library().get(voice)
    with tempfile.TemporaryDirectory() as folder, pulse_server(Path(folder)) as server:
        os.environ.update(server.environment)
        player = server.play(speech(600.0))
        times = vars(times_of(found, None))
        yield SessionOptions(found, "rtvc_mic", "rtvc_out", values={"gate_db": -90.0}, device="cpu", **times)
        player.stop()


def choose(voice: str, times: int, seconds: float) -> None:
    """Calibrate, and try the choice for long."""
    with talking(voice) as options:
        for _ in range(times):
            began = time.monotonic()
            with Session() as session:
                choice = calibrate_latency(session, options)
            took = time.monotonic() - began
            assert choice is not None
            after = run(replace(options, hop=choice.hop, margin=choice.margin), seconds)
            setting = {"hop_ms": _ms(choice.hop), "margin_ms": _ms(choice.margin), "took_s": round(took, 1)}
            print(json.dumps({**setting, "why": choice.words, "after": after}), flush=True)


def search(voice: str, hops: list[float], margins: list[float], seconds: float) -> None:
    """Try every setting for long."""
    with talking(voice) as options:
        for hop, margin in product(hops, margins):
            found = run(replace(options, hop=hop / 1000, margin=margin / 1000), seconds)
            print(json.dumps({"hop_ms": hop, "margin_ms": margin, **found}), flush=True)


def main() -> None:
    """Check and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("choose", "search"))
    parser.add_argument("--voice", default="slt", help="a name out of `rtvc voices`")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long a setting is tried")
    parser.add_argument("--times", type=int, default=3, help="calibrations")
    parser.add_argument("--hops", type=float, nargs="+", default=[20.0, 40.0])
    parser.add_argument("--margins", type=float, nargs="+", default=[0.0, 5.0, 10.0, 15.0])
    args = parser.parse_args()
    if args.what == "choose":
        choose(args.voice, args.times, args.seconds)
    else:
        search(args.voice, args.hops, args.margins, args.seconds)


if __name__ == "__main__":
    main()
