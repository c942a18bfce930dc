"""A session that does nothing but remember what it was asked, for tests of what asks it."""

import threading
from dataclasses import dataclass, field, replace

from rtvc.status import Levels, State, Status


@dataclass
class RecordedSession:
    """`said` is what was asked, in order; `shown` the status it answers with; `gate` lets a test hold it up."""

    said: list = field(default_factory=list)
    shown: Status = field(default_factory=Status)
    gate: threading.Event = field(default_factory=threading.Event)
    fault: Exception | None = None
    options: object = None
    switched: object = None
    prepared: list = field(default_factory=list)

    def __post_init__(self):
        self.gate.set()

    def prepare(self, voice, device, threads):
        self.prepared.append(voice.name)

    def start(self, options):
        self.gate.wait(30)
        if self.fault is not None:
            raise self.fault
        self.options = options
        self.said.append(("start", options.voice.name))
        self.shown = replace(
            self.shown,
            state=State.RUNNING,
            voice=options.voice.name,
            input=options.input or "",
            output=options.output or "",
        )

    def stop(self):
        self.gate.wait(30)
        self.said.append(("stop",))
        self.shown = Status()

    def close(self):
        self.gate.wait(30)
        self.said.append(("close",))

    def levels(self):
        return Levels(self.shown.state, self.shown.level_in, self.shown.level_out)

    def status(self):
        return self.shown

    def stats(self):
        return {"late": self.shown.late}

    def history(self):
        return []

    def set_value(self, name, value):
        self.said.append(("value", name, value))

    def set_voice(self, voice, values, times):
        self.gate.wait(30)
        self.switched = (voice, values, times)
        self.said.append(("voice", voice.name))
        if self.fault is None:
            self.shown = replace(self.shown, voice=voice.name)
        else:
            self.shown = replace(self.shown, voice_fault=str(self.fault), message=str(self.fault))

    def set_mute(self, muted):
        self.said.append(("mute", muted))
        self.shown = replace(self.shown, muted=muted)

    def set_passthrough(self, passthrough):
        self.said.append(("passthrough", passthrough))
        self.shown = replace(self.shown, passthrough=passthrough)

    def set_margin(self, margin):
        self.said.append(("margin", round(margin, 6)))

    def set_total(self, total):
        self.said.append(("total", total))

    def set_windows(self, times):
        self.said.append(("windows", times))
