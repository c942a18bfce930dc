"""Speech through a live session for a while, held against the same speech through the same engine offline.

    python -m tests.soak --voice slt --seconds 60

Prints late, lost and skipped hops, the stated and the measured delay, and the correlation with the offline
conversion: of the waves, which a voice that hums with a phase of its own may lack, and of the spectra. Needs
PulseAudio, no sound card.
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
from rtvc.resample import Resampler, Samples
from rtvc.session import Session, SessionOptions
from rtvc.status import State
from rtvc.wavfile import read_audio
from tests.live_path import toy_voice
from tests.pulse_server import RATE, PulseServer, pulse_server, wait_until

PAUSE = 1.0  # seconds of silence around the speech


def speech(seconds: float) -> Samples:
    """The bundled recording at the server's rate, over and over."""
    samples, rate = read_audio(RECORDING)
    resampler = Resampler(rate, RATE)
    once = np.concatenate([resampler.push(samples), resampler.flush(), np.zeros(RATE // 4, np.float32)])
    return np.resize(once, int(seconds * RATE))


def soak(server: PulseServer, voice: Voice, seconds: float, hop: float = 0.02) -> dict[str, Any]:
    """Play speech into the microphone, record the output, and say what became of it."""
    quiet = np.zeros(int(PAUSE * RATE), np.float32)
    spoken = np.concatenate([quiet, speech(seconds), quiet])
    values = {"gate_db": -90.0}
    if "talker_hz" in voice.card.get("remembered", ()) or voice.card["family"] == "live":
        values["talker_hz"] = 115.0
    with Session() as session:
        session.start(SessionOptions(voice, "rtvc_mic", "rtvc_out", hop=hop, values=values, device="cpu"))
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
    return figures | compare(voice, values, hop, before, after, offset) | {"state": status.state.value}


def compare(
    voice: Voice, values: dict[str, float], hop: float, before: Samples, after: Samples, offset: float
) -> dict[str, Any]:
    """Return delay and correlation of what was played with the offline conversion of what was heard."""
    from models.base import StreamSpec
    from rtvc.engine import Engine
    from rtvc.loading import load_model

    first = int(np.flatnonzero(np.abs(before) > 1e-3)[0])
    heard = before[max(first - RATE // 2, 0) :]
    engine = Engine(load_model(voice, "cpu", 1), RATE, RATE, StreamSpec(hop=hop), values)
    expected = np.concatenate([engine.process(heard), engine.flush()])
    lag = _lag(expected, after)
    aligned = after[max(lag, 0) : max(lag, 0) + len(expected)]
    expected = expected[: len(aligned)]
    return {
        "measured_delay_ms": round((lag - max(first - RATE // 2, 0) + offset) / RATE * 1000, 2),
        "correlation": round(float(np.corrcoef(expected, aligned)[0, 1]), 4),
        "spectral_correlation": round(float(np.corrcoef(_spectrum(expected), _spectrum(aligned))[0, 1]), 4),
    }


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


def _spectrum(samples: Samples) -> np.ndarray:
    """Levels in dB over time and frequency, in 64 bands of 250 Hz, as one row."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, 1024)[::256] * np.hanning(1024)
    power = np.abs(np.fft.rfft(frames)[:, 1:385]).reshape(len(frames), 64, 6) ** 2
    return np.asarray(10 * np.log10(power.mean(-1) + 1e-4).ravel())


def main() -> None:
    """Run it on a server of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voice", default="slt", help="a voice of the library, or toy")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--hop-ms", type=float, default=20.0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, pulse_server(Path(folder) / "pulse") as server:
        os.environ.update(server.environment)
        voice = toy_voice() if args.voice == "toy" else default_library().get(args.voice)
        print(json.dumps(soak(server, voice, args.seconds, args.hop_ms / 1000), indent=2))


if __name__ == "__main__":
    main()
