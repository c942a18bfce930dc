"""The family `live`: a stream equals the offline networks, whatever the cut, and obeys its controls."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from models.base import StreamSpec
from models.checkpoint import read_tensors, write_tensors
from models.content_sizes import POWER_BINS, STEP
from models.errors import CheckpointError
from models.generator_sizes import RATES
from models.live import BOOKS, PARAMS, LiveVoice, load
from models.live_networks import LiveNetworks, compiled_voice, read_networks
from models.pitch_sizes import POWER_BINS as PITCH_BINS
from tests.small_live import (
    SMALL,
    SMALL_GENERATOR,
    VALUES,
    make_voice,
    offline,
    pushed,
    save,
    steps_of,
    streamed,
    sung,
)


@pytest.fixture(scope="module")
def voice() -> LiveVoice:
    return make_voice(is_quantized=True)


@pytest.mark.parametrize(
    ("look_ahead", "rate"), [(0, 16000), (1, 16000), (2, 16000), (4, 16000), (2, 24000), (1, 48000)]
)
def test_stream_equals_the_offline_networks(look_ahead: int, rate: int) -> None:
    voice, wav = make_voice(look_ahead, rate=rate), sung()

    heard, wanted = streamed(voice, wav, 1), offline(voice, wav)

    step = STEP * rate // 16000
    settled = heard.shape[-1] - 2 * step  # the last frames hear a future that a stream does not have yet
    error = (heard - wanted[..., : heard.shape[-1]])[..., :settled]
    # rounding of F0 moves the pulses by fractions of a sample, the more the longer a voiced stretch lasts
    assert float(error.square().mean()) < 1e-4 * float(wanted.square().mean())
    assert float(error[..., : 5 * step].square().mean()) < 1e-5 * float(wanted[..., : 5 * step].square().mean())


def test_weights_of_8_bits_stay_close_to_whole_ones() -> None:
    wav = sung()

    short, whole = (streamed(make_voice(is_quantized=q), wav, 1)[0, 0] for q in (True, False))

    window = torch.hann_window(512)
    a, b = (torch.stft(x, 512, 128, window=window, return_complex=True).abs() for x in (short, whole))
    assert float((a - b).square().sum()) < 0.1 * float(b.square().sum())  # of a trained voice 0.002


def test_pieces_of_any_length_give_the_same_numbers(voice: LiveVoice) -> None:
    wav = sung()

    one = streamed(voice, wav, 1)

    for steps in (2, 5, 10):
        torch.testing.assert_close(streamed(voice, wav, steps), one, atol=0, rtol=0)


@pytest.mark.parametrize("rate", RATES)
def test_the_rate_changes_the_number_of_samples_but_not_the_delay(rate: int, tmp_path: Path) -> None:
    wav = sung()
    save(tmp_path / "voice.safetensors", make_voice(rate=rate))
    voice = load({}, tmp_path / "voice.safetensors")
    stage = voice.open(StreamSpec(), VALUES)[0]

    heard = streamed(voice, wav, 5)

    assert (voice.input_rate, voice.output_rate) == (16000, rate)
    assert wav.shape[-1] / 16000 - heard.shape[-1] / rate == pytest.approx(stage.delay)
    assert stage.delay == make_voice().open(StreamSpec(), VALUES)[0].delay


def test_reset_gives_the_same_again(voice: LiveVoice) -> None:
    wav = sung()
    stage = voice.open(StreamSpec(), VALUES)[0]
    with torch.inference_mode():
        first = pushed(stage, wav)
        stage.reset()
        again = pushed(stage, wav)

    torch.testing.assert_close(again, first, atol=0, rtol=0)


def test_two_streams_of_one_voice_do_not_disturb_each_other(voice: LiveVoice) -> None:
    wav, other = sung(), sung(hertz=200.0)
    a, b = (voice.open(StreamSpec(), VALUES)[0] for _ in range(2))
    with torch.inference_mode():
        pieces = [
            (pushed(a, x), pushed(b, y))[0] for x, y in zip(wav.split(STEP, -1), other.split(STEP, -1), strict=True)
        ]

    torch.testing.assert_close(torch.cat(pieces, -1), streamed(voice, wav, 1), atol=0, rtol=0)


def test_fewer_books_are_another_sound(voice: LiveVoice) -> None:
    wav = sung()

    assert not torch.allclose(streamed(voice, wav, 1), streamed(voice, wav, 1, {**VALUES, "books": 1.0}), atol=1e-4)


def test_a_change_of_books_is_heard_with_the_next_step(voice: LiveVoice) -> None:
    values, wav = dict(VALUES), sung()
    stage = voice.open(StreamSpec(), values)[0]
    with torch.inference_mode():
        before = pushed(stage, wav[..., : 40 * STEP])
        values["books"] = 1.0
        after = pushed(stage, wav[..., 40 * STEP :])

    plain = streamed(voice, wav, 1)
    seam = before.shape[-1]
    torch.testing.assert_close(before, plain[..., :seam], atol=1e-4, rtol=0)
    assert not torch.allclose(after[..., STEP : 2 * STEP], plain[..., seam + STEP : seam + 2 * STEP], atol=1e-4)


def test_the_networks_are_compiled_here_with_weights_of_8_bits(voice: LiveVoice) -> None:
    steps = steps_of(voice)
    networks = (steps.content_at(voice.look_ahead), steps.pitch, steps.generator)

    assert all(network.is_compiled and network.is_quantized for network in networks)


def test_nothing_of_a_step_stays_behind_on_another_device() -> None:
    networks = LiveNetworks(SMALL, SMALL_GENERATOR)
    voice = steps_of(compiled_voice(networks, 2, device="meta"))
    shapes = {
        voice.content_at(2): [(2, POWER_BINS)],
        voice.pitch: [(2, PITCH_BINS)],
        voice.generator: [(1, 16), (2, 3)],
    }

    for network, inputs in shapes.items():
        state = network._initial
        made, after = network._network.push_flat([torch.zeros(shape, device="meta") for shape in inputs], state)

        assert not network.is_compiled
        assert {x.device.type for x in (*made, *after)} == {"meta"}
        assert [x.shape[1:] for x in after] == [x.shape[1:] for x in state]


def test_absurd_input_is_forgotten_after_a_reset(voice: LiveVoice) -> None:
    wav = sung()
    stage = voice.open(StreamSpec(), VALUES)[0]
    with torch.inference_mode():
        stage.push(torch.full((1, 1, 10 * STEP), 1e30))
        stage.reset()

        torch.testing.assert_close(pushed(stage, wav), streamed(voice, wav, 1), atol=0, rtol=0)


def test_without_the_runtime_it_sounds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    wav, compiled = sung(), make_voice()
    monkeypatch.setitem(sys.modules, "onnxruntime", None)

    plain = compiled_voice(steps_of(compiled).networks, compiled.look_ahead)

    assert not steps_of(plain).pitch.is_compiled
    heard, wanted = streamed(plain, wav, 1), streamed(compiled, wav, 1)
    torch.testing.assert_close(heard[..., : 5 * STEP], wanted[..., : 5 * STEP], atol=1e-4, rtol=0)
    assert float((heard - wanted).square().mean()) < 1e-4 * float(wanted.square().mean())


def test_what_only_learning_needs_is_not_saved_and_older_files_that_have_it_are_read(
    voice: LiveVoice, tmp_path: Path
) -> None:
    path = tmp_path / "voice.safetensors"
    save(path, voice)
    tensors, metadata = read_tensors(path)
    names = set(steps_of(voice).networks.state_dict()) - set(tensors)
    older = tmp_path / "older.safetensors"
    write_tensors(
        older, {name: tensor.half() for name, tensor in steps_of(voice).networks.state_dict().items()}, metadata
    )

    assert len(names) == 16 and all(name.endswith(("embed_avg", "cluster_size")) for name in names)
    new, old = (read_networks(one)[0].state_dict() for one in (path, older))
    assert all(torch.equal(new[name], old[name]) for name in tensors)


def test_a_saved_voice_is_loaded_with_the_same_sizes_and_sound(voice: LiveVoice, tmp_path: Path) -> None:
    path = tmp_path / "voice.safetensors"
    save(path, voice)

    first, second = load({}, path), load({}, path)

    assert steps_of(first).networks.content.config == SMALL and first.look_ahead == voice.look_ahead
    torch.testing.assert_close(streamed(first, sung(), 1), streamed(second, sung(), 1), atol=0, rtol=0)


def test_a_file_from_before_there_were_rates_is_one_of_16_khz(voice: LiveVoice, tmp_path: Path) -> None:
    path = tmp_path / "voice.safetensors"
    save(path, voice)
    tensors, metadata = read_tensors(path)
    config = json.loads(metadata["config"])
    del config["generator"]["rate"]
    write_tensors(path, tensors, {**metadata, "config": json.dumps(config)})

    assert load({}, path).output_rate == 16000


def test_a_file_of_another_family_is_refused(voice: LiveVoice, tmp_path: Path) -> None:
    path = tmp_path / "voice.safetensors"
    write_tensors(path, {"a": torch.zeros(1)}, {"family": "sovits"})

    with pytest.raises(CheckpointError, match="not a voice of the family 'live'"):
        load({}, path)


def test_books_control_reaches_from_one_to_all() -> None:
    books = next(param for param in PARAMS if param.name == "books")

    assert (books.low, books.high, books.default) == (1, BOOKS, BOOKS)


@pytest.mark.parametrize(
    "change",
    [
        {"content": {"width": -1}},
        {"content": {"width": 10**9}},
        {"content": {"heads": 5}},
        {"content": {"widht": 48}},
        {"content": {"blocks": 2.5}},
        {"generator": {"mean_hz": 0}},
        {"generator": {"rate": 22050}},
        {"generator": {"feed_forward": "many"}},
        {"look_ahead": 99},
        {"look_ahead": -1},
        {"look_ahead": None},
    ],
)
def test_absurd_sizes_are_one_sentence(voice: LiveVoice, tmp_path: Path, change: dict[str, Any]) -> None:
    path = tmp_path / "voice.safetensors"
    save(path, voice)
    tensors, metadata = read_tensors(path)
    config = json.loads(metadata["config"])
    for part, value in change.items():
        config[part] = {**config[part], **value} if isinstance(value, dict) else value
    write_tensors(path, tensors, {**metadata, "config": json.dumps(config)})

    with pytest.raises(CheckpointError, match="no usable network sizes"):
        load({}, path)
