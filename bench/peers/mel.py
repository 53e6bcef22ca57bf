"""Times a Whisper's encoder, and what of it makes the log-mel spectrogram: mel.py BUNDLE THREADS

The spectrogram is a part of the encoder's graph; here that part also runs as a graph of its own. Each line is a WAV
file (16 bits, mono, 16 kHz), given to both as heed gives it.
"""

import sys
import time
from pathlib import Path

import numpy
import onnx

import lines
from blocks import graph_session, manifest
from sound import samples

HOP = 160
MARGIN = 3 * HOP
INPUTS, SPECTROGRAM = ("samples", "frames"), "mel"

bundle, threads = Path(sys.argv[1]), int(sys.argv[2])
about = manifest(bundle)
path, window = bundle / about["encoder"], about["network"]["frames"]
model = onnx.load(path)
model.graph.value_info.append(onnx.helper.make_tensor_value_info(SPECTROGRAM, onnx.TensorProto.FLOAT, None))
part = onnx.utils.Extractor(model).extract_model(INPUTS, [SPECTROGRAM]).SerializeToString()
sessions = {"wholeEncoder": graph_session(str(path), threads), "mel": graph_session(part, threads)}


def answer(clip):
    sound = samples(clip)
    count = min(-(-len(sound) // HOP) * HOP + MARGIN, window * HOP)
    padded = numpy.zeros((1, count), numpy.float32)
    padded[0, :len(sound)] = sound[:count]
    given = dict(zip(INPUTS, (padded, numpy.array([window]))))
    times = {}
    for name, session in sessions.items():
        start = time.perf_counter_ns()
        session.run(None, given)
        times[name] = time.perf_counter_ns() - start
    return times


lines.serve(answer)
