"""An errand that does what a test says, in place of a process."""

from queue import SimpleQueue

from rtvc.errands.errand import Cancelled
from rtvc.errors import RtvcError


class RecordedErrand:
    """`work` and `arguments` are what was asked for, `asked` what it was told since."""

    def __init__(self, work, arguments):
        self.work, self.arguments = work, arguments
        self.asked = []
        self._said = SimpleQueue()

    def ask(self, *message):
        self.asked.append(message)

    def cancel(self):
        self._said.put(Cancelled("stopped"))

    kill = cancel

    def follow(self, hear):
        while True:
            said = self._said.get()
            if isinstance(said, RtvcError):
                raise said
            if isinstance(said, list):
                return said[0]
            hear(said)

    def tell(self, *message):
        self._said.put(message)

    def end(self, result=None):
        self._said.put([result])

    def fail(self, words):
        self._said.put(RtvcError(words))
