"""Transcribes clips with another's recogniser: speech.py SYSTEM WEIGHTS KIND THREADS

  faster-whisper   WEIGHTS a folder in CTranslate2's form, KIND its compute type; greedy, with times
  pywhispercpp     WEIGHTS a ggml file, KIND not used; greedy, with times
  moonshine-voice  WEIGHTS a folder of Moonshine's own, KIND its size; takes all cores, whatever THREADS says

Each line is a WAV file (16 bits, mono, 16 kHz); its samples are in memory before the clock starts. All else is left as
it comes, temperature fall-backs included, but Moonshine Voice need not tell speakers apart, as none of the others does.
"""

import ctypes
import sys
import time

import lines
from sound import samples

system, weights, kind, threads = *sys.argv[1:4], int(sys.argv[4])


def faster_whisper():
    from faster_whisper import WhisperModel

    model = WhisperModel(weights, device="cpu", compute_type=kind, cpu_threads=threads)

    def transcribe(sound):
        segments, _ = model.transcribe(sound, language="en", beam_size=1, without_timestamps=False)
        return [segment.text for segment in segments]

    return transcribe


def pywhispercpp():
    from pywhispercpp.model import Model

    model = Model(weights, n_threads=threads, language="en", print_progress=False, redirect_whispercpp_logs_to=None)
    return lambda sound: [segment.text for segment in model.transcribe(sound)]


def moonshine_voice():
    from moonshine_voice import ModelArch, Transcriber
    from moonshine_voice.errors import check_error
    from moonshine_voice.moonshine_api import TranscriptC

    model = Transcriber(weights, ModelArch[kind], options={"identify_speakers": "false"})

    def transcribe(sound):
        # The package's own method copies every sample into a Python number and back, a tenth of the time and more.
        transcript = ctypes.POINTER(TranscriptC)()
        check_error(model._lib.moonshine_transcribe_without_streaming(
            model._handle, sound.ctypes.data_as(ctypes.POINTER(ctypes.c_float)), len(sound), 16_000, 0,
            ctypes.byref(transcript)))
        found = transcript.contents
        return [ctypes.string_at(found.lines[line].text).decode() for line in range(found.line_count)]

    return transcribe


systems = {"faster-whisper": faster_whisper, "pywhispercpp": pywhispercpp, "moonshine-voice": moonshine_voice}
transcribe = systems[system]()


def answer(path):
    sound = samples(path)
    start = time.perf_counter_ns()
    text = " ".join(transcribe(sound))
    taken = time.perf_counter_ns() - start
    return {"text": text, "all": taken, "final": taken}


lines.serve(answer)
