"""Columns of text that are never cut: names in them are there to be copied."""

from collections.abc import Sequence
from unicodedata import east_asian_width

GAP = "  "


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows with their columns side by side."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        print(GAP.join(cells).rstrip())


def _width(text: str) -> int:
    """Places that a text takes on a terminal."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
