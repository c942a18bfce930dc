"""Sizes of a synthesizer that is made in no time and has every part of a real one."""

from models.synthesizer import SynthesizerConfig

SMALL = SynthesizerConfig(
    spec_channels=33,
    reference_bins=20,
    inter_channels=16,
    hidden_channels=24,
    filter_channels=32,
    n_layers=2,
    p_dropout=0.0,
    text_vocabulary=10,
    mrte_width=32,
    mrte_heads=4,
    ssl_dim=12,
    codes=8,
    gin_channels=28,
    style_width=16,
    posterior_layers=2,
    flow_layers=2,
    upsample_rates=(4, 2),
    upsample_kernel_sizes=(8, 4),
    upsample_initial_channel=16,
    resblock_kernel_sizes=(3,),
    resblock_dilation_sizes=((1, 3),),
    segment_frames=8,
)
