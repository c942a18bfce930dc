"""A live session in one line of text."""

from math import log10

from rtvc.status import State, Status

BAR = 10  # characters
FLOOR_DB = -60.0
SHORT = {
    "input_block": "in",
    "input_resampler": "rs",
    "hop": "hop",
    "look_ahead": "look",
    "output_resampler": "rs",
    "output_block": "out",
    "device": "dev",
    "margin": "margin",
    "compute": "comp",
}


def live_line(status: Status) -> str:
    """Return levels, load, delay with its parts, and what went wrong, in one line."""
    if status.state is not State.RUNNING:
        return f"{status.state.value}  {status.message}".rstrip()
    parts = {SHORT.get(name, name): 0.0 for name in status.delay}
    for name, seconds in status.delay.items():
        parts[SHORT.get(name, name)] += seconds
    told = " ".join(f"{name} {seconds * 1000:.0f}" for name, seconds in parts.items() if round(seconds * 1000))
    counts = {"late": status.late, "lost": status.lost, "skipped": status.skipped, "recovered": status.recoveries}
    troubles = [f"{name} {count}" for name, count in counts.items() if count or name in ("late", "lost")]
    return "  ".join(
        [
            f"{int(status.seconds) // 60:d}:{int(status.seconds) % 60:02d}",
            f"in {level_bar(status.level_in)} out {level_bar(status.level_out)}",
            f"load {status.load.p50:.0%}",
            f"delay {status.delay.total * 1000:.0f} ms ({told})",
            *troubles,
            *filter(None, [status.message]),
        ]
    )


def level_bar(level: float) -> str:
    """Return a bar for a linear peak: empty at -60 dBFS, full at 0."""
    decibels = FLOOR_DB if level <= 0 else max(20 * log10(level), FLOOR_DB)
    full = min(round(BAR * (1 - decibels / FLOOR_DB)), BAR)
    return "█" * full + "·" * (BAR - full)
