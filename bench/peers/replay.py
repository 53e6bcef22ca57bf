"""The loop most would write: replay.py BUNDLE VIDEO RESULTS

OpenCV reads the video, each frame is recognised when it is due at 30 frames/s, and a line of JSON is written. ONNX
Runtime's options are left as they are: all cores, and threads that spin while they wait.
"""

import json
import sys
import time
from pathlib import Path

import cv2
import numpy
import onnxruntime

from blocks import manifest

RATE = 30

bundle, video_path, results_path = sys.argv[1:]
about = manifest(bundle)
size, margin = about["input"]["shape"][1], about["input"]["crop"]["margin"]
labels = (Path(bundle) / about["labels"]).read_text().splitlines()
classifier = onnxruntime.InferenceSession(f"{bundle}/model.onnx", providers=["CPUExecutionProvider"])
name = classifier.get_inputs()[0].name
video = cv2.VideoCapture(video_path)

with open(results_path, "w") as results:
    start = time.monotonic()
    sequence = 0
    while True:
        read, frame = video.read()
        if not read:
            break
        time.sleep(max(0, start + sequence / RATE - time.monotonic()))
        height, width, _ = frame.shape
        side = round(min(width, height) * size / (size + margin))
        top, left = (height - side) // 2, (width - side) // 2
        picture = cv2.resize(frame[top:top + side, left:left + side], (size, size), interpolation=cv2.INTER_AREA)
        scores = classifier.run(None, {name: cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)[None]})[0][0]
        best = [
            {"class": int(index), "label": labels[index], "score": float(scores[index])}
            for index in numpy.argsort(-scores)[:5]
        ]
        results.write(json.dumps({"sequence": sequence, "label": best[0]["label"], "top": best}) + "\n")
        results.flush()
        sequence += 1
