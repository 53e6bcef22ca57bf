"""Times what a Python loop does with a live frame up to the tensor: capture.py BUNDLE FRAMES INTERPOLATION RATE

A driver, in a process of its own, copies pictures into four buffers of shared memory and makes each known through a pipe.
A reading thread copies the picture out, gives the buffer back, and hands the copy to a queue, as loops over cameras do;
the main thread takes it from there.

  tensor  from the full buffer through queue, cv2.cvtColor, central square and cv2.resize
  all     the same and (x - 127) / 128 as float32, NCHW: what a network wants whose graph does not hold it
  copy    the driver's copy of a picture into a buffer, which is no part of the others
"""

import mmap
import os
import queue
import select
import struct
import sys
import threading
import time

import cv2
import numpy

from blocks import manifest, serve, session

WIDTH, HEIGHT, BUFFERS = 640, 480, 4
FULL = struct.Struct("IIqq")  # A buffer's index, the frame's number, when it was full, how long that took.

bundle, frames_path, interpolation_name, rate = sys.argv[1:]
about = manifest(bundle)
size, margin = about["input"]["shape"][1], about["input"]["crop"]["margin"]
interpolation = getattr(cv2, interpolation_name)
side = round(min(WIDTH, HEIGHT) * size / (size + margin))
top_row, left_column = (HEIGHT - side) // 2, (WIDTH - side) // 2
memory = mmap.mmap(-1, BUFFERS * WIDTH * HEIGHT * 2)
buffers = numpy.frombuffer(memory, numpy.uint8).reshape(BUFFERS, HEIGHT, WIDTH, 2)
full_end, full = os.pipe()
idle, idle_end = os.pipe()
start_end, start = os.pipe()


def drive():
    """The driver's process: so many frames for each number that comes through its pipe."""
    pictures = numpy.fromfile(frames_path, numpy.uint8).reshape(-1, HEIGHT, WIDTH, 2)
    free = list(range(BUFFERS))
    number = 0
    while asked := os.read(start_end, 4):
        due = time.monotonic()
        for _ in range(struct.unpack("I", asked)[0]):
            due += 1 / float(rate)
            time.sleep(max(0, due - time.monotonic()))
            while select.select([idle], [], [], 0)[0]:
                free.append(os.read(idle, 1)[0])
            index = free.pop(0)
            begin = time.monotonic_ns()
            buffers[index] = pictures[number % len(pictures)]
            filled = time.monotonic_ns()
            os.write(full, FULL.pack(index, number, filled, filled - begin))
            number += 1
    os._exit(0)


if os.fork() == 0:
    # The driver ends when nobody can ask it for frames any more.
    os.close(start)
    drive()

os.close(full)
classifier = session(bundle, 1)
name = classifier.get_inputs()[0].name
frames = queue.Queue(maxsize=BUFFERS)


def read():
    while known := os.read(full_end, FULL.size):
        index, _, filled, copying = FULL.unpack(known)
        picture = buffers[index].copy()
        os.write(idle_end, bytes([index]))
        frames.put((picture, filled, copying))


threading.Thread(target=read, daemon=True).start()


def one_frame():
    frame, filled, copying = frames.get()
    rgb = cv2.cvtColor(frame, cv2.COLOR_YUV2RGB_YUYV)
    square = rgb[top_row:top_row + side, left_column:left_column + side]
    picture = cv2.resize(square, (size, size), interpolation=interpolation)
    resized = time.monotonic_ns()
    tensor = numpy.ascontiguousarray(((picture.astype(numpy.float32) - 127) / 128).transpose(2, 0, 1))[None]
    normalised = time.monotonic_ns()
    assert tensor.shape == (1, 3, size, size)
    classifier.run(None, {name: picture[None]})
    return {"all": normalised - filled, "tensor": resized - filled, "copy": copying}


def block(repetitions):
    os.write(start, struct.pack("I", repetitions))
    pieces = [one_frame() for _ in range(repetitions)]
    return {piece: [one[piece] for one in pieces] for piece in pieces[0]}


serve(block)
