"""Pictures of a report, as PNG."""

import io

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from models.windows import hann, power_spectra
from rtvc.judging.pitch import RATE, STEP
from rtvc.reporting.trial import Floats, Sound

WINDOW_S, HOP_S = 0.025, 0.005
FLOOR_DB = -80.0
HIGHEST_HZ = 8000.0
"""Where pictures end that are to be compared: no microphone of a call reaches further."""
BARS = 60
DOTS_PER_INCH = 110
ACCENT, SPOKEN, LATE = "#2f6fde", "#999999", "#c0392b"


def spectrograms(source: Sound, converted: Sound) -> bytes:
    """Both spectra above one another over the same time."""
    figure = Figure(figsize=(10, 5), layout="constrained")
    axes = figure.subplots(2, 1, sharex=True, sharey=True)
    for place, sound, title in zip(axes, (source, converted), ("spoken", "converted"), strict=True):
        levels, seconds, hertz = spectrum(sound)
        place.imshow(
            levels, origin="lower", aspect="auto", extent=(0, seconds, 0, hertz), vmin=FLOOR_DB, vmax=0, cmap="magma"
        )
        place.set_ylim(0, HIGHEST_HZ)
        place.set_ylabel(f"{title}, Hz")
    axes[1].set_xlabel("seconds")
    return _png(figure)


def pitches(source: Sound, converted: Sound) -> bytes:
    """F0 of both on a logarithmic axis."""
    figure = Figure(figsize=(10, 2.2), layout="constrained")
    place = figure.subplots()
    for sound, title, colour in ((source, "spoken", SPOKEN), (converted, "converted", ACCENT)):
        times = (np.arange(len(sound.pitch)) + 0.5) * STEP / RATE
        place.semilogy(times, np.where(sound.pitch > 0, sound.pitch, np.nan), color=colour, label=title)
    ticks = [75, 100, 150, 200, 300, 450]
    place.set_yticks(ticks, [str(tick) for tick in ticks])
    place.minorticks_off()
    place.set_ylim(60, 600)
    place.set_ylabel("F0, Hz")
    place.set_xlabel("seconds")
    place.legend(loc="upper right", frameon=False, ncols=2)
    return _png(figure)


def load_histogram(loads: Floats) -> bytes:
    """How often a hop took which part of its time; 1 is too late."""
    figure = Figure(figsize=(10, 2.4), layout="constrained")
    place = figure.subplots()
    place.hist(loads, bins=BARS, range=(0.0, max(1.05, float(loads.max()))), color=ACCENT)
    place.axvline(1.0, color=LATE, linewidth=1.2)
    place.set_yscale("log")
    place.set_xlabel("computing time as a part of the hop; at 1 a hop comes too late")
    place.set_ylabel("hops")
    return _png(figure)


def spectrum(sound: Sound) -> tuple[npt.NDArray[np.float64], float, float]:
    """Levels in dB below the loudest [bands, steps], the seconds they last and the Hz they reach."""
    size, hop = round(WINDOW_S * sound.rate), round(HOP_S * sound.rate)
    padded = np.pad(sound.samples, (0, max(size - len(sound.samples), 0)))
    power = power_spectra(padded, hann(size), hop, size).T.astype(np.float64)
    loudest = max(float(power.max()), 1e-20)
    levels = 10 * np.log10(np.maximum(power / loudest, 10 ** (FLOOR_DB / 10)))
    return levels, len(sound.samples) / sound.rate, sound.rate / 2


def _png(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DOTS_PER_INCH)
    return file.getvalue()
