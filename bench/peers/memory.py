"""Holds the sessions that heed holds, each used once: memory.py BUNDLE…"""

import os
import sys
import time

import numpy

from blocks import session

THREADS = [count for count in (1, 2, 4, 8) if count <= (os.cpu_count() or 1)]

sessions = [session(bundle, threads) for bundle in sys.argv[1:] for threads in THREADS]
for classifier in sessions:
    (image,) = classifier.get_inputs()
    classifier.run(None, {image.name: numpy.zeros(image.shape, numpy.uint8)})
time.sleep(5)  # Long enough for memory to be seen steady.
