"""Sentences read with the user, at a microphone that is opened in a process of its own."""

from pathlib import Path

from rtvc.devices import find
from rtvc.errands.errand import Line
from rtvc.prompting.microphone import Microphone
from rtvc.prompting.sentences import Reading
from rtvc.prompting.take import judge

TICK = 0.05  # seconds between two levels

Sum = tuple[int, float]
"""How many sentences were read, and their seconds."""


def read(line: Line, folder: Path, device: str | None) -> Sum:
    """Record what is asked for, ("record", number) and then ("finish",), until it is cancelled.

    Tells ("sentences", all of them, the first that was not read or None, how many were); while it records ("level",
    the peak), then ("take", number, its fault in words or none, seconds, how many are read). Raises DeviceError,
    AudioFileError.
    """
    reading = Reading(folder)
    microphone = Microphone(find(device, "input"))
    line.tell("sentences", tuple(reading.sentences), reading.unread(), reading.count)
    number = 0
    try:
        while not line.is_cancelled():
            asked = line.asked(TICK)
            if asked is not None and asked[0] == "record":
                number = asked[1]
                microphone.start()
            elif asked is not None and number:
                _finish(line, reading, microphone, number)
                number = 0
            elif number:
                line.tell("level", microphone.level)
    finally:
        microphone.stop()
    return reading.count, reading.seconds


def _finish(line: Line, reading: Reading, microphone: Microphone, number: int) -> None:
    samples = microphone.stop()
    take = judge(samples, microphone.rate)
    if not take.fault:
        reading.keep(number, samples, microphone.rate)
    line.tell("take", number, take.fault, take.seconds, reading.count)
