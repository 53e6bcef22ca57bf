"""The samples of a clip, as every system gets them."""

import wave

import numpy


def samples(path):
    """A WAV file's samples (16 bits, mono, 16 kHz), −1…1."""
    with wave.open(path) as file:
        return numpy.frombuffer(file.readframes(file.getnframes()), numpy.int16).astype(numpy.float32) / 32768
