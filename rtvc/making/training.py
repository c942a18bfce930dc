"""Training of a new voice's generator: until it is good enough, its time is over, or somebody stops it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from models.base import StreamSpec
from models.live_networks import compiled_voice
from models.source_filter import Generator
from rtvc.convert import FileConverter
from rtvc.demo import RECORDING
from rtvc.making.scoring import HeldBack
from rtvc.making.start import Start, retuned
from rtvc.recordings import Job
from rtvc.training.export import assembled
from rtvc.training.loop import Run, advance
from rtvc.training.views import Batches, Views
from rtvc.training.voice import VoiceTrainer

SPECTRAL_SHARE = 0.35
"""Part of the time before the discriminators, which start from nothing, join."""
EVALUATE_EVERY_S = 60.0
LEAST_S, PATIENCE_S, LEAST_GAIN = 180.0, 120.0, 0.01
"""Good enough: after so long, no fall of the held-back loss by so much within so long."""
COOL_DOWN_S = 60.0
"""A training that ends early still lets its learning rate fall."""
SHOW_EVERY = 5


class Listener(Protocol):
    """Who follows the making of a voice, a window or a command; called often and from the thread that works."""

    def reach(self, words: str, part: float) -> None:
        """Hear what is being done, and how much of all from 0 to 1."""

    def hear(self, preview: Path, minutes: float, loss: float) -> None:
        """Hear of a new preview, and of the held-back loss."""

    def is_cancelled(self) -> bool:
        """Tell whether the work is to pause."""


@dataclass
class Plateau:
    """Notices that a loss falls no more; times in seconds of training."""

    best: float = float("inf")
    since: float = 0.0

    def reset(self, now: float) -> None:
        """Begin anew: the training has changed."""
        self.best, self.since = float("inf"), now

    def is_reached(self, now: float, loss: float) -> bool:
        """Take the next loss and tell whether the last gain is long ago."""
        if loss < self.best * (1 - LEAST_GAIN):
            self.best, self.since = loss, now
        return now >= LEAST_S and now - self.since >= PATIENCE_S


class Training:
    """The training of one voice in its folder."""

    def __init__(
        self, folder: Path, minutes: float, views: Views, held_back: HeldBack, start: Start, device: str, fresh: bool
    ) -> None:
        """`fresh` starts from nothing in place of the generator of `start`."""
        self._run = Run(folder, minutes)
        self._start, self._held_back = start, held_back
        self._preview = folder / "preview.wav"
        batches = Batches(views, start.frozen[1], seed=0)
        begun = retuned(start.generator, views.mean_hz, views.rate)
        self._trainer = VoiceTrainer(batches, begun.config, self._run, SPECTRAL_SHARE, device, seed=0)
        if not fresh:
            self._trainer.begin_with(begun.state_dict())
        self._plateau = Plateau()
        self._is_adversarial = False
        self._told_at = -1
        self.is_early = False
        self.loss = 0.0

    @property
    def generator(self) -> Generator:
        """The averaged generator, on the CPU."""
        made = Generator(self._trainer.average.config)
        made.load_state_dict(self._trainer.average.state_dict())
        return made.eval().requires_grad_(False)

    @property
    def minutes(self) -> float:
        """Minutes of training so far, over all starts."""
        return self._run.spent / 60

    @property
    def steps(self) -> int:
        """Steps so far."""
        return self._run.step

    @property
    def is_over(self) -> bool:
        """Whether it has come to its end."""
        return self._run.progress >= 1.0

    def go_on(self, listener: Listener) -> None:
        """Train until the end or until the listener cancels; the checkpoint holds everything either way."""
        self._listener = listener
        advance(
            self._run,
            self._trainer.step,
            self._trainer.parts,
            self,
            self._evaluate,
            EVALUATE_EVERY_S,
            listener.is_cancelled,
            SHOW_EVERY,
        )
        if self.is_over and self._told_at != self._run.step:
            self._measure()

    def show(self, part: float, step: int, means: Mapping[str, float]) -> None:
        """Pass losses on, as the display of the loop."""
        losses = ", ".join(f"{LOSS_WORDS[name]} {value:.2f}" for name, value in means.items() if name in LOSS_WORDS)
        self._listener.reach(f"training: {losses}", part)

    def _evaluate(self) -> dict[str, float]:
        now = self._run.spent
        self._measure()
        if not self._is_adversarial and self._run.progress >= SPECTRAL_SHARE:
            self._is_adversarial = True
            self._plateau.reset(now)
        reached = self._plateau.is_reached(now, self.loss)
        if reached and self._is_adversarial and not self.is_early:
            self.is_early = True
            self._cool_down()
        self._listener.hear(self._preview, self.minutes, self.loss)
        return {"held_back": round(self.loss, 4)}

    def _cool_down(self) -> None:
        left = 60 * self._run.minutes - self._run.spent
        if left > COOL_DOWN_S:
            self._run.minutes = (self._run.spent + COOL_DOWN_S) / 60
            self._run.decay = COOL_DOWN_S / (60 * self._run.minutes)

    def _measure(self) -> None:
        """Note the loss, and let the voice speak."""
        self.loss = self._held_back.loss(self._trainer.average)
        model = compiled_voice(assembled(self._start.frozen, self.generator), self._start.look_ahead)
        FileConverter(model, StreamSpec(), {}).convert(Job(RECORDING, self._preview), lambda part: None)
        self._told_at = self._run.step


LOSS_WORDS = {"spectral": "spectrum", "judge": "judge", "match": "likeness to real speech"}
