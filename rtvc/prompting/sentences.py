"""The sentences that a speaker is asked to read, and which of them have been read."""

from pathlib import Path

from rtvc.errors import AudioFileError
from rtvc.resample import Samples
from rtvc.wavfile import audio_blocks, write_audio

SENTENCES = Path(__file__).resolve().parent.parent / "data" / "sentences.txt"


def all_sentences() -> list[str]:
    """Return the sentences in their order."""
    return SENTENCES.read_text(encoding="utf-8").splitlines()


class Reading:
    """A folder of one speaker's takes, one file a sentence; what is there counts as read."""

    def __init__(self, folder: Path) -> None:
        """Make the folder; raises AudioFileError where that cannot be."""
        self.folder = folder
        self.sentences = all_sentences()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AudioFileError(f"{folder}: the folder cannot be made ({error.strerror})") from error

    def path(self, number: int) -> Path:
        """Return the file of a sentence, counted from 1."""
        return self.folder / f"{number:03}.flac"

    def unread(self, after: int = 0) -> int | None:
        """Return the number of the first sentence beyond `after` that was not read; None where all were."""
        rest = range(after + 1, len(self.sentences) + 1)
        return next((number for number in rest if not self.path(number).exists()), None)

    def keep(self, number: int, samples: Samples, rate: int) -> None:
        """Store a take of a sentence, in place of an older one; raises AudioFileError."""
        write_audio(self.path(number), samples, rate)

    @property
    def seconds(self) -> float:
        """How much sound there is."""
        return sum(len(block) / rate for path in self.folder.glob("*.flac") for rate, block in audio_blocks(path))

    @property
    def count(self) -> int:
        """How many sentences were read."""
        return sum(self.path(number).exists() for number in range(1, len(self.sentences) + 1))
