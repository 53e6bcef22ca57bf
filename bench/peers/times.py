"""Tells when the words of clips end: times.py WEIGHTS

WEIGHTS is a folder in CTranslate2's form. Each line is a WAV file (16 bits, mono, 16 kHz); the answer has its words, each
with the seconds at which it ends, which faster-whisper works out from what the decoder attends to.
"""

import sys

import lines
from faster_whisper import WhisperModel
from sound import samples

model = WhisperModel(sys.argv[1], device="cpu", compute_type="float32", cpu_threads=2)


def answer(path):
    segments, _ = model.transcribe(samples(path), language="en", beam_size=5, word_timestamps=True)
    return {"words": [[word.word, word.end] for segment in segments for word in segment.words]}


lines.serve(answer)
