"""Whether what Calibrate chooses holds, and whether less would have done.

    python -m tests.calibrated --voice slt [--seconds 60] [--each 20]

Calibrates on a PulseAudio of its own, runs the choice for `--seconds`, and then every hop and margin below and around
it for `--each` seconds. Prints late hops of each and the best setting that had none.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from rtvc.latency.calibration import calibrate_latency
from rtvc.latency.choosing import MARGIN_STEP, LatencyChoice, hops_of
from rtvc.library import Voice, default_library
from rtvc.plan import SessionOptions
from rtvc.session import Session
from rtvc.status import State
from tests.pulse_server import RATE, pulse_server, wait_until
from tests.soak import speech, times_of

SETTLING = 2.0
MOST_MARGIN = 0.06


def run(options: SessionOptions, seconds: float) -> dict[str, Any]:
    """Late hops and load of some seconds, the first two not counted."""
    with Session() as session:
        session.start(options)
        wait_until(lambda: session.status().state in (State.RUNNING, State.FAILED), 120, "it runs")
        time.sleep(SETTLING)
        before = session.status().late
        time.sleep(seconds)
        status = session.status()
    return {"late": status.late - before, "load_p95": round(status.load.p95, 3), "state": status.state.value}


def settings(voice: Voice, choice: LatencyChoice) -> Iterator[tuple[float, float]]:
    """Every hop and margin whose wait is no longer than the choice's."""
    margins = np.arange(MARGIN_STEP, MOST_MARGIN, MARGIN_STEP)
    for hop, margin in product(hops_of(voice), margins):
        if hop + margin < choice.hop + choice.margin - MARGIN_STEP / 2:
            yield hop, round(float(margin), 4)


def check(voice: Voice, seconds: float, each: float, folder: Path) -> dict[str, Any]:
    """Calibrate, try the choice for long and all lower settings for a while."""
    with pulse_server(folder) as server:
        os.environ.update(server.environment)
        player = server.play(speech(3600.0))
        times = times_of(voice, None)
        options = SessionOptions(voice, "rtvc_mic", "rtvc_out", values={"gate_db": -90.0}, device="cpu", **vars(times))
        with Session() as session:
            choice = calibrate_latency(session, options)
        assert choice is not None
        chosen = run(replace(options, hop=choice.hop, margin=choice.margin), seconds)
        lower = {}
        for hop, margin in settings(voice, choice):
            found = run(replace(options, hop=hop, margin=margin), each)
            lower[f"{1000 * hop:g}+{1000 * margin:g}"] = found["late"]
            print(f"hop {1000 * hop:g} ms, margin {1000 * margin:g} ms: {found}", flush=True)
        player.stop()
    safe = [name for name, late in lower.items() if late == 0]
    return {
        "chosen_ms": [1000 * choice.hop, 1000 * choice.margin],
        "why": choice.words,
        "after": chosen,
        "rate": RATE,
        "lower": lower,
        "lower_without_a_late_hop": safe,
    }


def main() -> None:
    """Check and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", default="slt", help="a name out of `rtvc voices`")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the choice is tried")
    parser.add_argument("--each", type=float, default=20.0, help="how long each lower setting is tried")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = check(default_library().get(args.voice), args.seconds, args.each, Path(folder))
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
