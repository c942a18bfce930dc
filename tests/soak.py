"""Speech through a live session for a while, held against the same speech through the same engine offline.

    python -m tests.soak --voice slt --seconds 60

Prints late, lost and skipped hops, the stated and the measured delay, and the correlation of what was played with
the offline conversion of what the session heard: the least and the mean of the waves' seconds. Needs PulseAudio, no
sound card.
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from rtvc.demo import RECORDING
from rtvc.library import Voice, default_library
from rtvc.presets import StreamTimes, in_seconds, read_presets
from rtvc.resample import Samples, resampled
from rtvc.session import Session, SessionOptions
from rtvc.status import State
from rtvc.wavfile import read_audio
from tests.live_path import toy_voice
from tests.pulse_server import RATE, PulseServer, pulse_server, wait_until

PAUSE = 1.0  # seconds of silence around the speech


def speech(seconds: float) -> Samples:
    """The bundled recording at the server's rate, over and over."""
    once = np.concatenate([resampled(*read_audio(RECORDING), RATE), np.zeros(RATE // 4, np.float32)])
    return np.resize(once, int(seconds * RATE))


def soak(server: PulseServer, voice: Voice, seconds: float, folder: Path, hop: float | None = None) -> dict[str, Any]:
    """Play speech into the microphone, record both sides, and say what became of it; `folder` takes recordings."""
    quiet = np.zeros(int(PAUSE * RATE), np.float32)
    spoken = np.concatenate([quiet, speech(seconds), quiet])
    values = {"gate_db": -90.0}
    if voice.card["family"] == "live":
        values["talker_hz"] = 115.0
    times = times_of(voice, hop)
    sides = folder / "heard.wav", folder / "played.wav"
    with Session() as session:
        session.start(
            SessionOptions(
                voice,
                "rtvc_mic",
                "rtvc_out",
                record_input=sides[0],
                record=sides[1],
                values=values,
                device="cpu",
                **vars(times),
            )
        )
        wait_until(
            lambda: session.status().state in (State.RUNNING, State.FAILED),
            120,
            "it runs",
            lambda: str(session.status()),
        )
        time.sleep(3.0)
        heard, played = server.record("rtvc_feed.monitor"), server.record("rtvc_out.monitor")
        time.sleep(0.5)
        player = server.play(spoken)
        time.sleep(seconds + PAUSE + 0.5)
        status, figures = session.status(), session.stats()
        player.stop()
        before, after = heard.stop(), played.stop()
    offset = (played.start_time - heard.start_time) * RATE
    expected = offline(voice, values, times, read_audio(sides[0])[0])
    result = {
        "measured_delay_ms": round((measured_lag(voice, values, times, before, after) + offset) / RATE * 1000, 2),
        **correlations(expected, read_audio(sides[1])[0]),
        "state": status.state.value,
    }
    return figures | result


def times_of(voice: Voice, hop: float | None) -> StreamTimes:
    """How the voice is streamed: with its default preset, or the given hop in seconds."""
    presets = read_presets(voice)
    if presets is None:
        return StreamTimes(hop or 0.02)
    return in_seconds(presets.chosen(own={} if hop is None else {"hop_ms": 1000 * hop}))


def offline(voice: Voice, values: dict[str, float], times: StreamTimes, heard: Samples) -> Samples:
    """What the engine makes of a recording at the server's rate, sample 0 of it belonging to sample 0."""
    from models.base import StreamSpec
    from rtvc.engine import Engine
    from rtvc.loading import load_model

    engine = Engine(load_model(voice, "cpu", 1), RATE, RATE, StreamSpec(**vars(times)), values)
    return np.concatenate([engine.process(heard), engine.flush()])


def measured_lag(voice: Voice, values: dict[str, float], times: StreamTimes, before: Samples, after: Samples) -> int:
    """Samples from what went into the microphone to what came out, by the offline conversion of the former."""
    first = max(int(np.flatnonzero(np.abs(before) > 1e-3)[0]) - RATE // 2, 0)
    return _lag(offline(voice, values, times, before[first:]), after) - first


def correlations(expected: Samples, played: Samples) -> dict[str, float]:
    """Correlation of the waves, second by second, each aligned for itself: two clocks are two clocks."""
    lag = _lag(expected, played)
    reach = RATE // 100
    found = []
    for start in range(max(reach - lag, 0), min(len(expected), len(played) - lag - reach) - RATE, RATE):
        wanted = expected[start : start + RATE]
        if float(np.abs(wanted).max()) < 0.02:
            continue
        near = played[start + lag - reach : start + lag + RATE + reach]
        best = int(np.argmax(np.correlate(near, wanted)))
        found.append(float(np.corrcoef(wanted, near[best : best + RATE])[0, 1]))
    if not found:
        return {"correlation_mean": 0.0, "correlation_least": 0.0}
    return {"correlation_mean": round(float(np.mean(found)), 4), "correlation_least": round(min(found), 4)}


def _lag(wanted: Samples, recorded: Samples) -> int:
    """How many samples later the one is in the other: by the spectra to a millisecond, then by the waves."""
    step = RATE // 1000
    rough = step * _best(_spectrogram(wanted, step), _spectrogram(recorded, step))
    around = range(rough - 3 * step, rough + 3 * step)
    piece = wanted[max(-rough + 3 * step, 0) : len(recorded) - max(rough, 0) - 3 * step][: 20 * RATE]
    start = max(-rough + 3 * step, 0)
    matches = [float(np.dot(piece, recorded[start + lag : start + lag + len(piece)])) for lag in around]
    return around[int(np.argmax(matches))] if max(matches) > 0.8 * float(np.dot(piece, piece)) else rough


def _best(wanted: np.ndarray, recorded: np.ndarray) -> int:
    size = 1 << (len(wanted) + len(recorded)).bit_length()
    spectra = [np.fft.rfft(one - one.mean(0), size, axis=0) for one in (recorded, wanted)]
    match = np.fft.irfft((spectra[0] * np.conj(spectra[1])).sum(1), size)
    place = int(np.argmax(match))
    return place - size if place > size // 2 else place


def _spectrogram(samples: Samples, step: int) -> np.ndarray:
    """Levels in dB [frames, 16 bands of 500 Hz]."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, 512)[::step] * np.hanning(512).astype(np.float32)
    power = np.abs(np.fft.rfft(frames)[:, 1:81]).reshape(len(frames), 16, 5) ** 2
    return np.asarray(10 * np.log10(power.mean(-1) + 1e-4))


def main() -> None:
    """Run it on a server of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voice", default="slt", help="a voice of the library, or toy")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--hop-ms", type=float, help="default: 20, or that of the voice's default preset")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, pulse_server(Path(folder) / "pulse") as server:
        os.environ.update(server.environment)
        hop = None if args.hop_ms is None else args.hop_ms / 1000
        voice = toy_voice() if args.voice == "toy" else default_library().get(args.voice)
        print(json.dumps(soak(server, voice, args.seconds, Path(folder), hop), indent=2))


if __name__ == "__main__":
    main()
