"""What independent judges think of a voice of one's own, in lines."""

from collections.abc import Mapping
from typing import Any

from rtvc.judging.judges import HOW_TO_GET

LINES = {
    "similarity": "similarity     {similarity:.2f} with the speaker, {similarity_to_source:.2f} with the reader; "
    "two recordings of one speaker have .8 and more",
    "dnsmos": "sound          {dnsmos:.2f} of 5 (DNSMOS); clean studio speech has 3.2 to 3.5",
    "words": "recognised     {words:.0%} of the words that are recognised in the reader",
}
"""By the figure that must be there."""


def opinion_lines(quality: Mapping[str, Any]) -> list[str]:
    """Return a line for each judge that has judged, and how to get the others where one has not."""
    lines = [line.format(**quality) for name, line in LINES.items() if name in quality]
    return lines if len(lines) == len(LINES) else [*lines, HOW_TO_GET]
