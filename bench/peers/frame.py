"""Times what a good Python loop does for one frame around inference: frame.py BUNDLE FRAMES RESULTS INTERPOLATION

  tensor     cv2.cvtColor (YUYV to RGB), central square, cv2.resize, OpenCV's threads as they are
  normalise  (x - 127) / 128 as float32, NCHW: what a network wants whose graph does not hold it, as most do not
  soft-max   likewise
  result     top five, the same fields as heed's as a line of JSON, written and flushed
"""

import json
import sys
import time
from pathlib import Path

import cv2
import numpy

from blocks import manifest, serve, session

WIDTH, HEIGHT = 640, 480

bundle, frames_path, results_path, interpolation_name = sys.argv[1:]
about = manifest(bundle)
size, margin = about["input"]["shape"][1], about["input"]["crop"]["margin"]
labels = (Path(bundle) / about["labels"]).read_text().splitlines()
interpolation = getattr(cv2, interpolation_name)
frames = numpy.fromfile(frames_path, numpy.uint8).reshape(-1, HEIGHT, WIDTH, 2)
side = round(min(WIDTH, HEIGHT) * size / (size + margin))
top_row, left_column = (HEIGHT - side) // 2, (WIDTH - side) // 2
classifier = session(bundle, 1)
name = classifier.get_inputs()[0].name
results = open(results_path, "w")
sequence = 0


def one_frame(frame):
    global sequence
    clock = time.perf_counter_ns
    start = clock()
    rgb = cv2.cvtColor(frame, cv2.COLOR_YUV2RGB_YUYV)
    square = rgb[top_row:top_row + side, left_column:left_column + side]
    picture = cv2.resize(square, (size, size), interpolation=interpolation)
    resized = clock()
    tensor = numpy.ascontiguousarray(((picture.astype(numpy.float32) - 127) / 128).transpose(2, 0, 1))[None]
    normalised = clock()
    assert tensor.shape == (1, 3, size, size)
    scores = classifier.run(None, {name: picture[None]})[0][0]
    inferred = clock()
    exponents = numpy.exp(scores - scores.max())
    exponents /= exponents.sum()
    weighed = clock()
    best = numpy.argpartition(scores, -5)[-5:]
    best = best[numpy.argsort(-scores[best])]
    top = [{"class": int(index), "label": labels[index], "score": float(scores[index])} for index in best]
    line = {
        "sequence": sequence, "captured_ns": start, "time_quality": "scheduled", "deadline_ms": 100.0, "outcome": "met",
        "label": top[0]["label"], "score": top[0]["score"], "top": top, "candidate": "efficientnet@cpu-1t",
        "predicted_ms": 10.0, "predicted_probability": 1.0, "inference_ms": (inferred - normalised) / 1e6,
        "latency_ms": (weighed - start) / 1e6, "scheduler_us": 0.3, "slowdown": 1.0, "energy_j": 0.1,
        "energy_source": "estimated", "reason": "efficientnet, 1 thread: 100 % sure to meet 100 ms",
    }
    results.write(json.dumps(line) + "\n")
    results.flush()
    written = clock()
    sequence += 1
    return {"tensor": resized - start, "normalise": normalised - resized, "soft-max": weighed - inferred,
            "result": written - weighed}


def block(repetitions):
    pieces = [one_frame(frames[index % len(frames)]) for index in range(repetitions)]
    return {piece: [one[piece] for one in pieces] for piece in pieces[0]}


serve(block)
