"""`rtvc bench --against naive`: the live path against the original in a loop, in one run."""

import pytest
import torch

from models.base import StreamSpec
from models.passthrough import load as load_passthrough
from models.sovits import SovitsVoice
from rtvc.cli import main
from rtvc.errors import RtvcError
from rtvc.library import Voice
from rtvc.loading import load_model
from rtvc.naive import NaiveConverter, compare
from rtvc.references import stored_clips
from tests.small_sovits import write_small_voice


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Voice:
    return write_small_voice(tmp_path_factory.mktemp("voices") / "anna")


def test_both_ways_are_measured_hop_by_hop(voice: Voice) -> None:
    found = compare(voice, load_model(voice, "cpu", 1), StreamSpec(0.2, 0.52, 0.08, 0.02), {}, 0.6).as_dict()

    assert found["hop_ms"] == 200
    assert found["hops"] == 3
    assert found["ratio"] == pytest.approx(found["naive_ms_per_hop"] / found["live_ms_per_hop"], rel=0.01)


def test_naive_way_is_the_whole_conversion(voice: Voice) -> None:
    model = load_model(voice, "cpu", 1)
    assert isinstance(model, SovitsVoice)
    naive = NaiveConverter(voice, model, stored_clips(voice.folder / "references"))
    samples = 0.1 * torch.randn(32000, generator=torch.Generator().manual_seed(1))

    made = naive.convert(samples)

    assert made.shape == (49 * 1280,)  # 99 frames
    assert float(made.std()) > 0


def test_other_families_have_no_naive_way(voice: Voice) -> None:
    model = load_passthrough({}, None)

    with pytest.raises(RtvcError, match="no GPT-SoVITS voice"):
        compare(voice, model, StreamSpec(), {}, 1)


def test_command_tells_the_ratio(voice: Voice, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["bench", "--voice", str(voice.folder), "--hop-ms", "200", "--seconds", "0.6", "--against", "naive"]

    code = main([*words, "--threads", "1"])

    assert code == 0
    assert "ratio " in capsys.readouterr().out


def test_command_says_that_a_voice_of_another_family_has_none(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["bench", "--voice", "slt", "--seconds", "0.2", "--against", "naive"])

    assert code == 1
    assert "no GPT-SoVITS voice" in capsys.readouterr().err
