"""Short checks of sound devices: a tone on an output, and whether somebody is heard at a microphone."""

import time

import numpy as np

from rtvc.devices import find
from rtvc.errands.errand import Line
from rtvc.errands.hearing import play
from rtvc.level import peak
from rtvc.prompting.microphone import Microphone
from rtvc.resample import Samples
from rtvc.saying import LISTENED, Verdict, verdict_of

TONES = (440.0, 660.0)  # Hz, one after the other: a click or a hum is no such thing
TONE_S, FADE_S, TONE_LEVEL = 0.45, 0.03, 0.2
TICK = 0.05


def play_tone(line: Line, output: str | None) -> None:
    """Play two short tones on an output, None for the default one; raises DeviceError, Cancelled."""
    device = find(output, "output")
    play(line, tones(device.rate), device)


def tones(rate: int) -> Samples:
    """Return the tones [n], each faded in and out."""
    time_s = np.arange(round(TONE_S * rate)) / rate
    envelope = np.minimum(1.0, np.minimum(time_s, time_s[::-1]) / FADE_S)
    return np.concatenate([TONE_LEVEL * envelope * np.sin(2 * np.pi * hertz * time_s) for hertz in TONES]).astype(
        np.float32
    )


def listen(line: Line, device: str | None) -> Verdict:
    """Hear a microphone, None for the default one, for a few seconds, and judge what came.

    Tells ("level", the peak) all the time. Raises DeviceError, Cancelled; the microphone is free afterwards.
    """
    microphone = Microphone(find(device, "input"))
    microphone.start()
    begun = time.monotonic()
    try:
        while (passed := time.monotonic() - begun) < LISTENED:
            line.reach_or_end("listening", passed / LISTENED)
            line.tell("level", microphone.level)
            time.sleep(TICK)
    finally:
        samples = microphone.stop()
    step = round(TICK * microphone.rate)
    return verdict_of([peak(samples[start : start + step]) for start in range(0, len(samples), step)])
