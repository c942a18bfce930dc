"""The door of the command `rtvc`: the processes of a session open it too, by Python's way of starting them."""

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` and return its exit code; a fault is one sentence on stderr."""
    from rtvc.command_line import main as act  # late, as those processes go no further

    return act(argv)


if __name__ == "__main__":
    sys.exit(main())
