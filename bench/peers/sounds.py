"""Makes sounds that nobody speaks in: sounds.py silence|noise|tones MINUTES OUTPUT"""

import sys
import wave

import numpy

RATE = 16_000

name, minutes, output = sys.argv[1], int(sys.argv[2]), sys.argv[3]
random = numpy.random.default_rng(1)


def silence(minute):
    return numpy.zeros(60 * RATE)


def noise(minute):
    """White noise, by 6 dB louder each minute."""
    return random.standard_normal(60 * RATE) * 10 ** ((-60 + 6 * minute) / 20)


def tones(minute):
    """A tune over chords, a new chord every two seconds."""
    sound = numpy.zeros(60 * RATE)
    for second in range(0, 60, 2):
        root = 110 * 2 ** (random.integers(12) / 12)
        for step in (0, random.choice([3, 4]), 7, 12):
            add(sound, second, 2.0, root * 2 ** (step / 12), 0.05)
        for beat in range(4):
            if random.random() < 0.8:
                note = root * 2 ** (1 + random.choice([0, 2, 4, 5, 7, 9, 11, 12]) / 12)
                add(sound, second + beat / 2, 0.5, note, 0.12)
    return sound


def add(sound, start, length, frequency, loudness):
    """A note with overtones and a little vibrato, that swells quickly and fades."""
    times = numpy.arange(int(length * RATE)) / RATE
    phase = 2 * numpy.pi * frequency * times + 0.5 * numpy.sin(2 * numpy.pi * 5.5 * times)
    note = sum(numpy.sin(overtone * phase) / overtone for overtone in range(1, 7))
    first = int(start * RATE)
    sound[first:first + len(times)] += loudness * numpy.minimum(times / 0.02, 1) * numpy.exp(-2 * times / length) * note


make = {"silence": silence, "noise": noise, "tones": tones}[name]
with wave.open(output, "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(RATE)
    for minute in range(minutes):
        file.writeframes((numpy.clip(make(minute), -1, 1) * 32_767).astype(numpy.int16).tobytes())
