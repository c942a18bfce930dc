"""Graphs without weights: filled from a voice file they are the steps that the networks compile to."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from models.base import StreamSpec
from models.checkpoint import read_tensors, write_tensors
from models.errors import CheckpointError
from models.generator_sizes import RATES, GeneratorConfig
from models.live import MOST_AHEAD, LiveSizes, LiveVoice, load
from models.live_networks import (
    CompiledSteps,
    LiveNetworks,
    content_step,
    generator_step,
    pitch_step,
    read_networks,
    write_networks,
)
from models.live_steps import TEMPLATES, ReadySteps, VoiceFile, name_of_content, name_of_generator, name_of_pitch
from models.quantized import blockwise
from models.step_template import RECIPES, Made, Template, Templates
from models.steps import CompiledStep
from models.template_building import write_templates
from tests.small_live import VALUES, make_voice, save, sung

SLT = Path(__file__).parents[2] / "models" / "voices" / "slt" / "voice.safetensors"
STEPS = 12
WIDEN = "generator.widen.weight"


@pytest.fixture(scope="module")
def templates() -> Templates:
    return Templates(TEMPLATES)


@pytest.fixture(scope="module")
def networks() -> LiveNetworks:
    return read_networks(SLT)[0].eval().requires_grad_(False)


def told(template: Template, networks: LiveNetworks, step: tuple, in_8_bits: bool = False) -> tuple[list, list]:
    """First outputs of a few steps by the graph and by the network, both from the network's start."""
    network, inputs, state = step
    tensors = {name: tensor.numpy() for name, tensor in networks.state_dict().items()}
    arrays = template.arrays(tensors)
    arrays = template.in_8_bits(arrays) if in_8_bits else arrays
    compiled = CompiledStep(template.opened(arrays, in_8_bits), [x.numpy() for x in state])
    found, wanted = [], []
    generator = torch.Generator().manual_seed(0)
    for _ in range(STEPS):
        given = [torch.rand(x.shape, generator=generator) for x in inputs]
        found.append(compiled.run(*(x.numpy() for x in given))[0].copy())
        with torch.inference_mode():
            outputs, after = network.push_flat(given, state)
        state = [x[len(x) - len(start) :] for x, start in zip(after, state, strict=True)]
        wanted.append(outputs[0].numpy())
    return found, wanted


def test_every_step_is_that_of_the_networks(templates: Templates, networks: LiveNetworks) -> None:
    config = networks.content.config
    steps = {
        name_of_pitch(): pitch_step(networks),
        name_of_generator(networks.generator.config): generator_step(networks),
        **{name_of_content(config, n): content_step(networks, n) for n in range(MOST_AHEAD + 1)},
    }
    for name, step in steps.items():
        found, wanted = told(templates.get(name), networks, step)
        np.testing.assert_allclose(np.stack(found), np.stack(wanted), atol=2e-4, rtol=1e-3, err_msg=name)


@pytest.mark.parametrize("rate", RATES)
def test_there_is_a_generator_for_every_rate(templates: Templates, rate: int) -> None:
    torch.manual_seed(4)
    networks = make_networks(rate)

    template = templates.get(name_of_generator(networks.generator.config))

    found, wanted = told(template, networks, generator_step(networks))
    np.testing.assert_allclose(np.stack(found), np.stack(wanted), atol=2e-4, rtol=1e-3)


def make_networks(rate: int) -> LiveNetworks:
    from models.content_sizes import ContentConfig

    return LiveNetworks(ContentConfig(), GeneratorConfig(rate=rate)).eval().requires_grad_(False)


def test_in_8_bits_a_step_is_close(templates: Templates, networks: LiveNetworks) -> None:
    template = templates.get(name_of_generator(networks.generator.config))

    found, wanted = told(template, networks, generator_step(networks), in_8_bits=True)

    error = np.linalg.norm(np.stack(found) - np.stack(wanted)) / np.linalg.norm(np.stack(wanted))
    assert 0 < error < 0.03


@pytest.mark.parametrize("look_ahead", range(MOST_AHEAD + 1))
def test_streams_begin_after_the_same_silence(look_ahead: int, networks: LiveNetworks) -> None:
    sizes = LiveSizes(networks.content.config, networks.generator.config, look_ahead)
    ready = ReadySteps(Templates(TEMPLATES), VoiceFile(SLT.read_bytes(), SLT), sizes).content_at(look_ahead)

    wanted = content_step(networks, look_ahead)[2]

    assert len(ready.initial) == len(wanted)
    for found, state in zip(ready.initial, wanted, strict=True):
        np.testing.assert_allclose(found, state.numpy(), atol=1e-3)


def test_shipped_voice_sounds_as_its_networks_do(networks: LiveNetworks) -> None:
    voice = load({}, SLT)
    whole = LiveVoice(CompiledSteps(networks), LiveSizes(networks.content.config, networks.generator.config, 2))
    wav = sung(3.0).numpy()

    heard, wanted = (one.open(StreamSpec(), VALUES)[0].push(wav) for one in (voice, whole))

    window = torch.hann_window(512)
    a, b = (
        torch.stft(torch.from_numpy(x[0]), 512, 128, window=window, return_complex=True).abs() for x in (heard, wanted)
    )
    assert isinstance(voice.steps, ReadySteps)
    assert float((a - b).square().sum()) < 0.01 * float(b.square().sum())


def test_a_voice_streams_without_pytorch() -> None:
    script = (
        "import sys, numpy as np; sys.modules['torch'] = None\n"
        "from pathlib import Path\n"
        "from models.base import StreamSpec\n"
        "from rtvc.engine import Engine\n"
        "from rtvc.library import Library\n"
        "from rtvc.loading import load_model\n"
        f"voice = Library([Path({str(SLT.parents[1])!r})]).get('slt')\n"
        "engine = Engine(load_model(voice, 'auto', 1), 48000, 48000, StreamSpec(0.02), {'gate_db': -90.0})\n"
        "noise = 0.1 * np.random.default_rng(0).standard_normal(48000).astype(np.float32)\n"
        "print(float(np.abs(engine.process(noise)).max()) > 0.001, 'onnx' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True", "False"]


def test_voices_of_other_sizes_are_compiled_from_their_networks(tmp_path: Path) -> None:
    save(tmp_path / "voice.safetensors", make_voice())

    assert isinstance(load({}, tmp_path / "voice.safetensors").steps, CompiledSteps)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda tensors: tensors.pop("generator.leave.bias"), r"lacks generator\.leave\.bias"),
        (lambda tensors: tensors.update(other=torch.zeros(2)), "has unknown other"),
        (
            lambda tensors: tensors.update(
                {"generator.widen.weight": tensors["generator.widen.weight"].T.contiguous()}
            ),
            r"has misshapen generator\.widen\.weight",
        ),
    ],
    ids=["lacking", "unknown", "transposed"],
)
def test_file_of_other_tensors_is_refused_as_ever(
    change: Callable[[dict[str, Tensor]], object], words: str, tmp_path: Path, networks: LiveNetworks
) -> None:
    write_networks(tmp_path / "whole.safetensors", networks, 2)
    tensors, metadata = read_tensors(tmp_path / "whole.safetensors")
    change(tensors)
    write_tensors(tmp_path / "voice.safetensors", tensors, metadata)

    with pytest.raises(CheckpointError, match=words):
        load({}, tmp_path / "voice.safetensors")


def test_older_file_with_what_only_learning_needs_does_without_pytorch_too(
    tmp_path: Path, networks: LiveNetworks
) -> None:
    write_networks(tmp_path / "whole.safetensors", networks, 2)
    metadata = read_tensors(tmp_path / "whole.safetensors")[1]
    whole = {name: tensor.half() for name, tensor in networks.state_dict().items()}
    write_tensors(tmp_path / "voice.safetensors", whole, metadata)

    assert isinstance(load({}, tmp_path / "voice.safetensors").steps, ReadySteps)


def test_templates_are_written_and_read_again(tmp_path: Path) -> None:
    made = {"w": Made("as a matrix", ("a.weight",), (4, 6), 32)}
    template = Template(b"whole", b"light", made, {"m": np.arange(70, dtype=np.float32)}, 1, {"a.weight": (4, 3, 2)})

    write_templates(tmp_path / "a.zip", {"one": template, "other": template})
    write_templates(tmp_path / "b.zip", {"one": template, "other": template})

    found = Templates(tmp_path / "a.zip").get("other")
    assert (found.graph, found.graph_in_8_bits, found.made, found.inputs) == (b"whole", b"light", made, 1)
    assert found.tensors == {"a.weight": (4, 3, 2)}
    np.testing.assert_array_equal(found.fixed["m"], template.fixed["m"])
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with pytest.raises(KeyError):
        Templates(tmp_path / "a.zip").get("third")


def test_recipes_make_what_steps_hold() -> None:
    kernel = np.arange(24, dtype=np.float32).reshape(4, 2, 3)
    depthwise = np.arange(6, dtype=np.float32).reshape(2, 1, 3)

    assert RECIPES["as a matrix"](kernel)[1].tolist() == [6, 9, 7, 10, 8, 11]
    assert RECIPES["taps of 2"](depthwise).tolist() == [
        [[0, 3], [1, 4], [2, 5], [0, 0]],
        [[0, 0], [0, 3], [1, 4], [2, 5]],
    ]
    assert RECIPES["squares"](np.array([[3.0, 4.0]])).tolist() == [-25.0]
    assert RECIPES["scaled rows"](np.ones((2, 3)), np.array([2.0, 5.0])).tolist() == [[2.0] * 3, [5.0] * 3]
    assert RECIPES["first 2"](np.arange(8).reshape(2, 4)).tolist() == [[0, 1], [4, 5]]
    codes, scales = blockwise(np.ones((2, 32), np.float32), 32)
    assert codes[0, 0, 0] == 255
    assert 127 * scales[0, 0] == pytest.approx(1.0)
