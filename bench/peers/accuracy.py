"""The best answer of a bundle for each labelled picture of a folder: accuracy.py BUNDLE FOLDER ANSWERS

Pillow decodes and scales (bicubic, the central square given as a box with fractions of a pixel).
"""

import csv
import json
import sys
from pathlib import Path

import numpy
from PIL import Image

from blocks import manifest, session

bundle, folder, answers_path = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
about = manifest(bundle)
size, margin = about["input"]["shape"][1], about["input"]["crop"]["margin"]
classifier = session(bundle, 2)


def best_answer(path):
    with Image.open(path) as picture:
        picture = picture.convert("RGB")
    width, height = picture.size
    side = min(width, height) * size / (size + margin)
    left, top = (width - side) / 2, (height - side) / 2
    scaled = picture.resize((size, size), Image.Resampling.BICUBIC, box=(left, top, left + side, top + side))
    return int(classifier.run(None, {about["input"]["name"]: numpy.asarray(scaled)[None]})[0].argmax())


with open(folder / "labels.tsv", newline="") as file:
    truth = {line["file"]: int(line["class"]) for line in csv.DictReader(file, delimiter="\t")}
answers = {name: best_answer(folder / name) for name in truth}
Path(answers_path).write_text(json.dumps({"truth": truth, "answers": answers}))
