#!/usr/bin/env python3
"""Measures the installed bundles' top-1 and top-5 accuracy on a folder of labelled pictures.

The reference for what heed's own reading of pictures must reach: Pillow decodes and scales (bicubic), ONNX Runtime for
Python recognises.
"""

import argparse
import csv
import json
import sys
from pathlib import Path

from builder import environment, places
from builder.failure import BuildError


def read_labels(folder):
    """File and class index of each picture in the folder's `labels.tsv`."""
    path = folder / "labels.tsv"
    try:
        with open(path, newline="") as file:
            return [(folder / row["file"], int(row["class"])) for row in csv.DictReader(file, delimiter="\t")]
    except OSError as error:
        raise BuildError(f"{path}: {error.strerror}; give a folder with pictures and a labels.tsv")
    except (KeyError, TypeError, ValueError):
        raise BuildError(f"{path}: wants the columns file, class (0 to 999) and name, between tabs")


def prepare(path, size, margin):
    """The central square of the picture at `path`, `margin` narrower at `size`, scaled to `size`."""
    import numpy
    from PIL import Image

    with Image.open(path) as picture:
        picture = picture.convert("RGB")
    width, height = picture.size
    side = min(width, height) * size / (size + margin)
    left, top = (width - side) / 2, (height - side) / 2
    box = (left, top, left + side, top + side)
    return numpy.asarray(picture.resize((size, size), Image.Resampling.BICUBIC, box=box))[None]


def evaluate(folder, bundle, labels):
    import numpy
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(folder / bundle["graph"], options, providers=["CPUExecutionProvider"])
    name, (_, size, _, _) = bundle["input"]["name"], bundle["input"]["shape"]
    margin = bundle["input"]["crop"]["margin"]
    ranks = []
    for path, label in labels:
        (probabilities,), = session.run(None, {name: prepare(path, size, margin)})
        ranks.append(int(numpy.argsort(-probabilities, kind="stable").tolist().index(label)))
    return {
        "name": bundle["name"],
        "top1": sum(rank < 1 for rank in ranks) / len(ranks),
        "top5": sum(rank < 5 for rank in ranks) / len(ranks),
        "samples": len(ranks),
    }


def installed():
    paths = sorted((places.data() / "models").glob("*/model.json"))
    if not paths:
        raise BuildError(f"{places.data() / 'models'}: no bundles; run python3 assets/build.py")
    return [(path.parent, json.loads(path.read_text())) for path in paths]


def main():
    parser = argparse.ArgumentParser(description="Measures the installed bundles' accuracy on labelled pictures.")
    parser.add_argument("folder", type=Path, metavar="FOLDER",
                        help="pictures and labels.tsv with the columns file, class (0 to 999) and name")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args()
    try:
        environment.enter()
        labels = read_labels(options.folder)
        if not labels:
            raise BuildError(f"{options.folder / 'labels.tsv'}: names no picture")
        results = []
        for folder, bundle in installed():
            results.append(evaluate(folder, bundle, labels))
            if not options.json:
                print("{name:24} top-1 {top1:.3f}  top-5 {top5:.3f}  ({samples} pictures)".format(**results[-1]))
        if options.json:
            print(json.dumps(results, indent=2))
    except BuildError as error:
        return str(error)
    except OSError as error:
        return f"{error.filename or options.folder}: {error.strerror or error}"


if __name__ == "__main__":
    failure = main()
    sys.exit(f"assets/evaluate.py: {failure}" if failure else 0)
