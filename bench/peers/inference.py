"""Times one inference: inference.py BUNDLE THREADS [MILLISECONDS OF REST BEFORE EACH]"""

import sys
import time

import numpy

from blocks import serve, session

bundle, threads = sys.argv[1], int(sys.argv[2])
rest = float(sys.argv[3]) / 1e3 if len(sys.argv) > 3 else 0
classifier = session(bundle, threads)
(image,) = classifier.get_inputs()
picture = numpy.random.default_rng(1).integers(0, 256, image.shape, numpy.uint8)


def block(repetitions):
    times = []
    for _ in range(repetitions):
        if rest:
            time.sleep(rest)
        start = time.perf_counter_ns()
        classifier.run(None, {image.name: picture})
        times.append(time.perf_counter_ns() - start)
    return {"inference": times}


serve(block)
