"""Times one inference: inference.py BUNDLE THREADS"""

import sys
import time

import numpy

from blocks import serve, session

bundle, threads = sys.argv[1], int(sys.argv[2])
classifier = session(bundle, threads)
(image,) = classifier.get_inputs()
picture = numpy.random.default_rng(1).integers(0, 256, image.shape, numpy.uint8)


def block(repetitions):
    times = []
    for _ in range(repetitions):
        start = time.perf_counter_ns()
        classifier.run(None, {image.name: picture})
        times.append(time.perf_counter_ns() - start)
    return {"inference": times}


serve(block)
