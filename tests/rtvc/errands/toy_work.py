"""Work for tests of errands."""

import os
import time

from rtvc.errors import VoiceError


def count(line, most):
    for number in range(most):
        line.reach("counting", number / most)
    return most


def wait(line):
    line.reach("waiting", 0.0)
    while True:
        line.reach_or_end("waiting", 0.5)
        time.sleep(0.01)


def refuse(line):
    raise VoiceError("no voice 'x'")


def stumble(line):
    return 1 // 0


def lack(line):
    raise ModuleNotFoundError(name="matplotlib.pyplot")


def die(line):
    os._exit(9)


def answer(line):
    while not line.is_cancelled():
        asked = line.asked(0.5)
        if asked is not None:
            line.tell("answer", asked[0] * 2)
    return "over"


def niceness(line):
    return os.getpriority(os.PRIO_PROCESS, 0)
