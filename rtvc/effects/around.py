"""All that is done to the sound before the voice and after it; the order is the signal's."""

from collections.abc import Mapping

from rtvc.effects.denoise import Denoiser
from rtvc.effects.tone import Tone, low_cut, three_bands
from rtvc.level import Gain, Limiter
from rtvc.resample import Samples


class Before:
    """Gain, noise suppression and low cut of the microphone's sound."""

    def __init__(self, rate: int, values: Mapping[str, float]) -> None:
        """`values` is shared with whoever sets them; they are read anew with each push."""
        self._values = values
        self._gain, self.denoiser, self._low_cut = Gain(rate), Denoiser(rate), Tone(rate, low_cut)

    def reset(self) -> None:
        """Start a new stream."""
        for part in (self._gain, self.denoiser, self._low_cut):
            part.reset()

    def push(self, samples: Samples) -> Samples:
        """Samples [n] -> as many; fewer at the beginning of a stream that begins with noise suppression."""
        loud = self._gain.push(samples, self._values["input_gain_db"])
        clean = self.denoiser.push(loud, self._values["denoise"] / 100)
        return self._low_cut.push(clean, (self._values["high_pass_hz"],))


class After:
    """Tone, gain and limiter of the new voice."""

    def __init__(self, rate: int, values: Mapping[str, float]) -> None:
        """`values` as in `Before`."""
        self._values = values
        self._tone, self._gain, self._limiter = Tone(rate, three_bands), Gain(rate), Limiter(rate)

    def reset(self) -> None:
        """Start a new stream."""
        for part in (self._tone, self._gain, self._limiter):
            part.reset()

    def push(self, samples: Samples) -> Samples:
        """Samples [n] -> as many, none louder than the limiter's ceiling."""
        values = self._values
        toned = self._tone.push(samples, (values["bass_db"], values["middle_db"], values["treble_db"]))
        return self._limiter.push(self._gain.push(toned, values["output_gain_db"]), values["ceiling_db"])
