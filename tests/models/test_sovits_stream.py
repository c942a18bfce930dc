"""A SoVITS voice over a stream: its blocks, joined, are the offline decoder's, at the delay that it states."""

import pytest
import torch
from torch import Tensor

from models import graph
from models.base import StreamSpec
from models.content import ContentEncoder
from models.content_sizes import ContentConfig
from models.frame_noise import frame_noise
from models.hubert import Hubert, HubertConfig
from models.latent_decoder import LatentDecoder
from models.sovits import SovitsVoice, text_of
from models.sovits_content import ContentNetwork, EncoderContent, HubertContent
from models.sovits_stream import CODE, Windows
from models.synthesizer import Synthesizer, SynthesizerConfig

CHANNELS = 24
SIZES = SynthesizerConfig(
    inter_channels=16,
    hidden_channels=16,
    filter_channels=32,
    n_layers=2,
    text_vocabulary=10,
    mrte_width=16,
    mrte_heads=2,
    ssl_dim=CHANNELS,
    codes=32,
    gin_channels=12,
    flow_layers=2,
    upsample_initial_channel=32,
)
VALUES = {"noise_scale": 0.5, "bypass": 0.0}


@pytest.fixture(scope="module")
def model() -> Synthesizer:
    torch.manual_seed(5)
    made = Synthesizer(SIZES, has_posterior=False).eval().requires_grad_(False)
    for name, buffer in made.quantizer.named_buffers():
        if name.endswith("embed"):
            buffer.normal_()
        elif name.endswith("inited"):
            buffer.fill_(1.0)
    for name, parameter in made.named_parameters():
        if name.startswith(("dec.", "flow.")) and parameter.ndim > 1 and not name.endswith("weight_g"):
            parameter.normal_().div_(parameter[0].numel() ** 0.5)
    return made


def encoder_content() -> EncoderContent:
    torch.manual_seed(6)
    sizes = ContentConfig(width=16, heads=2, feed_forward=24, blocks=2, left=8, content=CHANNELS)
    return EncoderContent(ContentEncoder(sizes).eval().requires_grad_(False), look_ahead=2)


def hubert_content() -> HubertContent:
    torch.manual_seed(7)
    sizes = HubertConfig(
        conv_channels=16, width=CHANNELS, feed_forward=32, layers=1, heads=2, position_kernel=8, position_groups=2
    )
    return HubertContent(Hubert(sizes).eval().requires_grad_(False))


def voice(model: Synthesizer, content: ContentNetwork) -> SovitsVoice:
    style = torch.randn(1, SIZES.gin_channels, 1, generator=torch.Generator().manual_seed(8))
    return SovitsVoice(model, content, style, text_of(model, "const"))


def sound(codes: int) -> Tensor:
    samples = 0.1 * torch.randn(CODE * codes, generator=torch.Generator().manual_seed(9))
    return samples * (1.1 + torch.sin(torch.arange(len(samples)) / 2500))


def streamed(made: SovitsVoice, samples: Tensor, spec: StreamSpec, cut: int = 1) -> Tensor:
    (stage,) = made.open(spec, VALUES)
    pieces = samples[None, None].split(CODE * cut, dim=-1)
    return torch.cat([stage.inner.push(piece) for piece in pieces], dim=-1)[0, 0]


@pytest.mark.parametrize("hop", [1, 3, 8])
def test_blocks_with_the_full_future_are_the_whole_decoding_of_the_same_latents(model: Synthesizer, hop: int) -> None:
    decoder = LatentDecoder(model, torch.randn(1, SIZES.gin_channels, 1), None)
    latents = torch.randn(1, SIZES.inter_channels, 120)
    whole = model.dec(model.flow.inverse(latents, decoder._speaker.flow), decoder._speaker.decoder)
    step = 2 * hop * model.dec.hop

    blocks = [decoder.samples(latents, start, start + step) for start in range(0, 120 * model.dec.hop - step + 1, step)]

    joined = torch.cat(blocks, dim=-1)
    torch.testing.assert_close(joined, whole[..., : joined.shape[-1]], atol=1e-5, rtol=0)


def test_one_block_of_all_is_the_whole_conversion(model: Synthesizer) -> None:
    made, samples = voice(model, encoder_content()), sound(40)
    frames = 2 * 40 - 2  # two frames of look-ahead stay unheard
    noise = frame_noise(0, 0, frames, SIZES.inter_channels)[None]

    found = streamed(made, samples, StreamSpec(hop=40 * 0.04, left=10.0))

    heard = made.content.whole(samples)[..., :frames]
    codes = made.model.codes(heard)
    wanted = made.model.decode(codes, made.text, made.style, noise)[0, 0]
    torch.testing.assert_close(found, wanted, atol=1e-5, rtol=0)


@pytest.mark.parametrize("content", [encoder_content, hubert_content])
@pytest.mark.parametrize(
    "spec", [StreamSpec(hop=0.08), StreamSpec(0.16, 1.0, 0.08, 0.02), StreamSpec(0.04, 2.0, 0.0, 0.01)]
)
def test_output_is_as_long_as_the_input_less_the_stated_delay(
    model: Synthesizer, content: object, spec: StreamSpec
) -> None:
    made = voice(model, content())  # type: ignore[operator]
    (stage,) = made.open(spec, VALUES)
    step = Windows.of(spec).hop * CODE
    given = returned = 0
    for piece in sound(48)[None, None].split(CODE, dim=-1):
        returned += stage.inner.push(piece).shape[-1]
        given += CODE
        if given % step == 0:
            assert returned == max(2 * given - round(stage.delay * 32000), 0)


def test_result_does_not_depend_on_how_the_input_is_cut(model: Synthesizer) -> None:
    made, samples, spec = voice(model, hubert_content()), sound(40), StreamSpec(0.16, 1.0, 0.08, 0.02)

    assert torch.equal(streamed(made, samples, spec), streamed(made, samples, spec, cut=7))


def test_reset_gives_the_same_again(model: Synthesizer) -> None:
    made, samples = voice(model, hubert_content()), sound(24)[None, None]
    (stage,) = made.open(StreamSpec(0.16, 1.0, 0.08, 0.02), VALUES)
    first = stage.inner.push(samples)
    stage.reset()

    assert torch.equal(stage.inner.push(samples), first)


def test_more_future_comes_nearer_to_the_whole(model: Synthesizer) -> None:
    made, samples = voice(model, encoder_content()), sound(60)
    noise = frame_noise(0, 0, 118, SIZES.inter_channels)[None]
    codes = made.model.codes(made.content.whole(samples)[..., :118])
    whole = made.model.decode(codes, made.text, made.style, noise)[0, 0]
    errors = []
    for right in (0.0, 0.08, 0.32):
        found = streamed(made, samples, StreamSpec(0.16, 10.0, right, 0.0))
        errors.append(float((found - whole[: len(found)])[: 40 * 1280].norm()))

    assert errors[0] > errors[1] > errors[2]


def test_silence_becomes_silence_without_a_click(model: Synthesizer) -> None:
    made = voice(model, encoder_content())
    samples = torch.cat([sound(20), torch.zeros(30 * CODE)])
    found = streamed(made, samples, StreamSpec(0.16, 1.0, 0.08, 0.02))

    assert float(found[: 15 * 1280].abs().max()) > 1e-3
    assert float(found[-15 * 1280 :].abs().max()) == 0.0
    jump = found.diff().abs()
    assert float(jump[20 * 1280 :].max()) <= float(jump[: 20 * 1280].max())


def test_unknown_text_is_refused(model: Synthesizer) -> None:
    for mode, ids, words in (
        ("loud", (1,), "no text mode"),
        ("const", (10,), "text id 10"),
        ("mean", (1,), "calibrate"),
    ):
        with pytest.raises(ValueError, match=words):
            text_of(model, mode, ids)


SPECS = [
    StreamSpec(0.08, 0.6, 0.0, 0.02),
    StreamSpec(0.16, 0.6, 0.08, 0.02),
    StreamSpec(0.04, 0.6, 0.0, 0.03),
    StreamSpec(0.12, 0.7, 0.16, 0.0),
]


@pytest.mark.parametrize("content", [encoder_content, hubert_content])
@pytest.mark.parametrize("spec", SPECS)
def test_usual_windows_are_those_of_a_stream_that_has_all_its_past(
    model: Synthesizer, content: object, spec: StreamSpec
) -> None:
    made = voice(model, content())  # type: ignore[operator]
    (stage,) = made.open(spec, VALUES)
    decoder, asked = stage.inner._decoder, []
    compute = decoder.samples

    def noted(latents: Tensor, start: int, stop: int) -> Tensor:
        asked.append((latents.shape[-1], start, stop))
        return compute(latents, start, stop)

    decoder.samples = noted
    for piece in sound(48)[None, None].split(CODE, dim=-1):
        stage.inner.push(piece)

    windows = Windows.of(spec)
    settled = asked[-(-(windows.left + windows.hop + windows.right) // windows.hop) + 1 :]
    assert len(settled) >= 2
    assert set(settled) == {windows.usual}


@pytest.mark.parametrize("content", [encoder_content, hubert_content])
@pytest.mark.parametrize("spec", SPECS[1:3])
def test_compiled_it_sounds_the_same(
    model: Synthesizer, content: object, spec: StreamSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph, "SHORT", 0.0)
    monkeypatch.setattr(graph, "WORTH", 0.0)
    plain, samples = voice(model, content()), sound(48)  # type: ignore[operator]
    compiled = SovitsVoice(plain.model, plain.content, plain.style, plain.text, compiles=True)
    (stage,) = compiled.open(spec, VALUES)
    decoder = stage.inner._decoder
    taken = {"prior": 0, "span": 0}

    def counted(name: str, run: graph.Fixed) -> graph.Fixed:
        assert run.is_compiled
        call = run._graph.__call__

        class Counting:
            shapes = run._graph.shapes

            def __call__(self, *inputs: Tensor) -> Tensor:
                taken[name] += 1
                return call(*inputs)

        return graph.Fixed(run._plain, Counting())

    decoder._prior = counted("prior", decoder._prior)
    ((place, run),) = decoder._spans.items()
    decoder._spans = {place: counted("span", run)}

    found = torch.cat([stage.inner.push(piece) for piece in samples[None, None].split(CODE, dim=-1)], dim=-1)[0, 0]

    wanted = streamed(plain, samples, spec)
    assert min(taken.values()) >= 4
    assert float((found - wanted).norm() / wanted.norm()) < 0.01
