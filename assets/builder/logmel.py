"""The constants of Whisper's log-mel spectrogram.

Source: openai/whisper, `audio.py` (400-sample Hann windows, 160 apart) and librosa's `filters.mel` (Slaney's scale).
"""

import numpy as np

RATE = 16_000
WINDOW = 400
HOP = 160
FLOOR = 1e-10


def fourier_kernels():
    """Convolution kernels whose outputs are the cosine parts, then the sine parts, of a window's Fourier transform."""
    times, frequencies = np.arange(WINDOW), np.arange(WINDOW // 2 + 1)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * times / WINDOW)
    # Reduced to one turn in integers, the angle is exact.
    angles = 2 * np.pi * (np.outer(frequencies, times) % WINDOW) / WINDOW
    return np.concatenate([window * np.cos(angles), window * np.sin(angles)])[:, None].astype(np.float32)


def mel_filters(bands):
    """The weight of each frequency of the Fourier transform in each of `bands` mel bands, [frequencies, bands]."""
    frequencies = np.fft.rfftfreq(WINDOW, 1 / RATE)
    edges = _hertz(np.linspace(0, _mel(RATE / 2), bands + 2))
    widths = np.diff(edges)
    slopes = edges[:, None] - frequencies
    triangles = np.maximum(0, np.minimum(-slopes[:-2] / widths[:-1, None], slopes[2:] / widths[1:, None]))
    return (triangles * (2 / (edges[2:] - edges[:-2]))[:, None]).T.astype(np.float32)


# Slaney's scale: linear up to 1 kHz (mel 15), then 27 mels for each factor of 6.4.
def _mel(hertz):
    return hertz * 3 / 200 if hertz < 1000 else 15 + 27 * np.log(hertz / 1000) / np.log(6.4)


def _hertz(mels):
    return np.where(mels < 15, mels * 200 / 3, 1000 * 6.4 ** ((mels - 15) / 27))
