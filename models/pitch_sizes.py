"""Sizes of the pitch tracker and of what it hears, for those who do without its network."""

import math

RATE = 16000
HOP = 160
WINDOW = 800
LOOK_AHEAD = (WINDOW - HOP) // 2
"""Samples after the end of a frame that its window covers (20 ms)."""
FFT_SIZE = 2048
FINE = 2
"""Autocorrelation points per sample of lag."""
LOWEST_HZ = 50.0
LAGS = math.ceil(RATE / LOWEST_HZ) * FINE + 2
BINS_PER_OCTAVE = 36
BINS = 4 * BINS_PER_OCTAVE + 1
"""Candidates from 50 to 800 Hz, 33 cents apart."""
NEAR = 4
"""Candidates on each side of the best one that share in the decision."""
LOW_HZ = 1200.0
LOW_BINS = int(LOW_HZ * FFT_SIZE / RATE) + 1
"""Bins of a spectrum that the lower band, which ends at LOW_HZ, is made of."""
FEATURES = 2 * BINS + 1
"""Two autocorrelations at every candidate, and the level."""
POWER_BINS = FFT_SIZE // 2 + 1
FRAMES = 2
"""Frames in a step of 20 ms."""
