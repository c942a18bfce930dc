"""The report on a voice: what is measured, and the page that shows it."""

import base64
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
import soundfile

from models.base import StreamSpec
from models.passthrough import PassthroughModel
from rtvc.demo import RECORDING
from rtvc.errors import AudioFileError
from rtvc.judging.judges import Judges
from rtvc.reporting.figures import figures_of
from rtvc.reporting.page import html_text, json_text
from rtvc.reporting.pictures import spectrum
from rtvc.reporting.trial import Bench, Sound, Trial

VOICE = {"name": "same", "title": "Nobody <b>else</b>"}
MACHINE = {"cpu": "abacus"}


def bench(**judges: object) -> Bench:
    return Bench(PassthroughModel(), StreamSpec(hop=0.02), {"gate_db": -90.0}, Judges(**judges), None)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def trial() -> Trial:
    return bench(rate=lambda samples: 3.5).tried(RECORDING, lambda part: None)


class Page(HTMLParser):
    """What a page holds: its tags that are open, and data by kind."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.data: dict[str, list[bytes]] = {}
        self.tags: list[str] = []
        self.outside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("src", "href"):
                kind = re.fullmatch(r"data:([a-z/]+);base64,(.+)", value or "", re.DOTALL)
                if kind:
                    self.data.setdefault(kind[1], []).append(base64.b64decode(kind[2]))
                else:
                    self.outside.append(value or "")


def test_voice_that_changes_nothing_keeps_the_melody_and_has_a_load(trial: Trial) -> None:
    figures = trial.figures()

    assert figures["log_f0_correlation"] > 0.98
    assert figures["dnsmos"] == 3.5
    assert "similarity" not in figures and "words" not in figures
    assert len(trial.loads) == len(trial.source.samples) // (trial.source.rate // 50)
    assert 0 < figures["load_p50"] <= figures["load_p95"] <= figures["load_p99"]


def test_likeness_needs_a_speaker_and_is_that_of_the_recordings_given() -> None:
    def embed(samples: np.ndarray) -> np.ndarray:
        return np.array([1.0, 0.0]) if len(samples) == 16000 else np.array([0.6, 0.8])

    unknown = bench(embed=embed).tried(RECORDING, lambda part: None)
    known = Bench(PassthroughModel(), StreamSpec(hop=0.02), {}, Judges(embed), np.zeros(16000, np.float32))

    assert unknown.opinion.similarity is None and unknown.opinion.similarity_to_source == pytest.approx(1.0)
    assert known.tried(RECORDING, lambda part: None).opinion.similarity == pytest.approx(0.6)


def test_progress_adds_up_to_the_whole() -> None:
    heard: list[float] = []

    bench().tried(RECORDING, heard.append)

    assert sum(heard) == pytest.approx(1.0)


def test_recording_that_is_too_short_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "blip.wav", np.zeros(1000), 16000)

    with pytest.raises(AudioFileError, match="shorter than half a second"):
        bench().tried(tmp_path / "blip.wav", lambda part: None)


def test_means_are_those_of_the_recordings_and_loads_those_of_all_hops(trial: Trial) -> None:
    slow = Trial("slow", trial.source, trial.converted, trial.opinion, trial.loads * 0 + 2, trial.delay)

    figures = figures_of([trial, slow])

    assert figures["dnsmos"] == 3.5
    assert figures["load_p95"] == 2.0
    assert figures["load_mean"] == pytest.approx((float(trial.loads.mean()) + 2) / 2, abs=1e-3)
    assert figures["delay_ms"] == pytest.approx(1000 * trial.delay.total, abs=1e-3)


def test_page_holds_everything_and_asks_nothing_of_the_world(trial: Trial, tmp_path: Path) -> None:
    page = Page(html_text(VOICE, MACHINE, [trial, trial], "A remark."))

    assert page.outside == []
    assert "script" not in page.tags and "b" not in page.tags
    assert page.tags.count("audio") == 4
    assert len(page.data["image/png"]) == 5
    assert all(data.startswith(b"\x89PNG") for data in page.data["image/png"])
    (tmp_path / "side.flac").write_bytes(page.data["audio/flac"][1])
    samples, rate = soundfile.read(tmp_path / "side.flac", dtype="float32")
    assert rate == trial.converted.rate
    np.testing.assert_allclose(samples, trial.converted.samples, atol=1e-4)


def test_figures_for_programs_name_voice_machine_and_every_recording(trial: Trial) -> None:
    report = json.loads(json_text(VOICE, MACHINE, [trial, trial]))

    assert report["voice"] == VOICE and report["machine"] == MACHINE
    assert report["figures"]["dnsmos"] == 3.5
    assert [one["name"] for one in report["recordings"]] == ["demo.flac", "demo.flac"]
    assert sum(report["delay_ms"].values()) == pytest.approx(report["figures"]["delay_ms"], abs=0.05)


def test_spectrum_of_a_tone_has_its_peak_there() -> None:
    tone = np.sin(2 * np.pi * 1000 * np.arange(24000) / 24000).astype(np.float32)

    levels, seconds, highest = spectrum(Sound(tone, 24000, np.zeros(100, np.float32)))

    assert (seconds, highest) == (1.0, 12000.0)
    assert levels.max() == 0.0 and levels.min() >= -80.0
    assert highest * levels[:, 50].argmax() / (len(levels) - 1) == pytest.approx(1000, abs=40)
