"""A style is one vector for all that counts of a recording."""

import torch

from models.style_encoder import StyleEncoder


@torch.inference_mode()
def test_a_style_is_of_the_frames_that_count() -> None:
    torch.manual_seed(0)
    encoder, x = StyleEncoder(12, 20, width=16).double().eval(), torch.rand(2, 12, 30).double()
    mask = (torch.arange(30) < torch.tensor([[30], [18]])).double()[:, None]
    noise = torch.rand(2, 12, 30).double()

    styles = encoder(x * mask, mask)
    far = torch.arange(30) < 18 + 2 * 2  # the two convolutions read two frames of padding each

    assert styles.shape == (2, 20, 1)
    torch.testing.assert_close(styles[:1], encoder(x[:1]), atol=1e-12, rtol=0)
    torch.testing.assert_close(encoder(torch.where(far, x * mask, noise), mask)[1:], styles[1:], atol=1e-12, rtol=0)


@torch.inference_mode()
def test_order_in_time_matters_little_and_length_not_at_all() -> None:
    torch.manual_seed(0)
    encoder, frame = StyleEncoder(12, 20, width=16).eval(), torch.rand(1, 12, 1)

    short, long = (encoder(frame.expand(-1, -1, n)) for n in (200, 2000))

    assert float((short - long).abs().max()) < 0.05 * float(long.abs().max())


def test_half_precision_is_averaged_in_single() -> None:
    encoder = StyleEncoder(12, 20, width=16).bfloat16().eval()

    assert encoder(torch.rand(1, 12, 40).bfloat16()).dtype == torch.float32
