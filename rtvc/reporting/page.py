"""A report as one HTML page with its pictures and sounds inside, and as JSON."""

import base64
import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from rtvc.reporting.figures import ROWS, delay_ms, figures_of
from rtvc.reporting.pictures import load_histogram, pitches, spectrograms
from rtvc.reporting.trial import Sound, Trial
from rtvc.wavfile import write_audio

STYLE = """
:root { color-scheme: light dark; --line: #8884; --dim: #777; --accent: #2f6fde }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-weight: 600; margin: 0 } h2 { font-weight: 600; margin: 2.5rem 0 .5rem; overflow-wrap: anywhere }
p.dim, td.dim, figcaption { color: var(--dim) }
table { border-collapse: collapse; width: 100% }
td, th { padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); text-align: left; font-weight: 400 }
td.value { font-variant-numeric: tabular-nums; white-space: nowrap; font-weight: 600 }
img { width: 100%; border-radius: 6px } figure { margin: 1rem 0 } audio { width: 100% }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem }
.delay { display: flex; height: 2rem; border-radius: 6px; overflow: hidden; font-size: .75rem; line-height: 2rem }
.delay div { background: var(--accent); color: white; text-align: center; overflow: hidden; white-space: nowrap;
  border-right: 2px solid Canvas }
"""


def json_text(voice: Mapping[str, Any], machine: Mapping[str, Any], trials: Sequence[Trial]) -> str:
    """All figures: the means, and those of each recording."""
    report = {
        "voice": dict(voice),
        "machine": dict(machine),
        "figures": figures_of(trials),
        "delay_ms": delay_ms(trials[0]),
        "recordings": [{"name": trial.name, **trial.figures()} for trial in trials],
    }
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def html_text(voice: Mapping[str, Any], machine: Mapping[str, Any], trials: Sequence[Trial], remark: str) -> str:
    """The page; `remark` is a sentence under the table, empty where nothing is to be said."""
    title = escape(f"{voice['title']} ({voice['name']})")
    facts = ", ".join(f"{name} {value}" for name, value in machine.items())
    loads = np.concatenate([trial.loads for trial in trials])
    parts = [
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>rtvc: {title}</title>",
        f"<meta name=viewport content='width=device-width'><style>{STYLE}</style></head><body>",
        f"<h1>{title}</h1><p class=dim>{len(trials)} recordings through the live engine. {escape(facts)}</p>",
        _table(figures_of(trials)),
        f"<p class=dim>{escape(remark)}</p>" if remark else "",
        f"<h2>Delay</h2>{_delay(delay_ms(trials[0]))}",
        f"<h2>Load</h2>{_picture(load_histogram(loads), 'how long each hop took')}",
        *map(_recording, trials),
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _table(figures: Mapping[str, float]) -> str:
    rows = [
        f"<tr><th>{escape(row.title)}</th><td class=value>{row.form.format(figures[row.name])}</td>"
        f"<td class=dim>{escape(row.meaning)}</td></tr>"
        for row in ROWS
        if row.name in figures
    ]
    return f"<table>{''.join(rows)}</table>"


def _delay(parts: Mapping[str, float]) -> str:
    shown = {name.replace("_", " "): value for name, value in parts.items() if value > 0}
    bars = [f"<div style='flex:{value}' title='{name} {value:g} ms'>{value:g}</div>" for name, value in shown.items()]
    words = ", ".join(f"{name} {value:g} ms" for name, value in shown.items())
    return f"<div class=delay>{''.join(bars)}</div><p class=dim>{words}</p>"


def _recording(trial: Trial) -> str:
    sides = [
        f"<figure><figcaption>{words}</figcaption><audio controls preload=none src='{_sound(sound)}'></audio></figure>"
        for words, sound in (("spoken", trial.source), ("converted", trial.converted))
    ]
    told = trial.figures()
    figures = ", ".join(f"{row.title.lower()} {row.form.format(told[row.name])}" for row in ROWS if row.name in told)
    return (
        f"<h2>{escape(trial.name)}</h2><p class=dim>{escape(figures)}</p><div class=sides>{''.join(sides)}</div>"
        + _picture(spectrograms(trial.source, trial.converted), f"spectra of {trial.name}")
        + _picture(pitches(trial.source, trial.converted), f"F0 of {trial.name}")
    )


def _picture(png: bytes, words: str) -> str:
    return f"<figure><img alt='{escape(words, quote=True)}' src='{_inline(png, 'image/png')}'></figure>"


def _sound(sound: Sound) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sound.flac"
        write_audio(path, sound.samples, sound.rate)
        return _inline(path.read_bytes(), "audio/flac")


def _inline(data: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
