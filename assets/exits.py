#!/usr/bin/env python3
"""Measures what answers from within EfficientNet-lite0 would be worth: exits trained without labels.

An exit is a linear head on the averaged features behind a block. It is fitted to the whole network's own answers
(logits) for views of unlabelled pictures: those that the packages of packages.txt carry, and a folder's. Printed are the
share of the network's time at which each exit could answer, and how often it is right on a folder of labelled pictures.
"""

import argparse
import io
import sys
import time
from pathlib import Path

from builder import environment
from builder.failure import BuildError
from evaluate import prepare, read_labels

BLOCKS = [7, 10, 12, 14, 15]
PACKAGES = ["scikit_image", "scikit_learn", "matplotlib"]
SIDE, MARGIN = 224, 32
SEED = 1


class Exits:
    """The network with a head's features at each exit, and its logits."""

    def __init__(self):
        import numpy as np
        from builder import bundles, efficientnet, pth
        from builder.graphs import float_graph

        bundle = next(b for b in bundles.all_bundles() if b.description["name"] == "efficientnet-lite0-fp32")
        network = efficientnet.network(pth.read_tensors(bundle._weights()), SIDE)
        last = {}
        for layer in network.layers:
            if layer.name.startswith("block"):
                last[int(layer.name.split("/")[0][5:])] = layer.name
        self.names = [last[block] for block in BLOCKS]
        self.model = float_graph(network, watched=self.names)
        logits = self.model.graph.output.add()
        logits.name, logits.type.tensor_type.elem_type = "logits", 1
        self.session = self._session(self.model)
        self.mean = lambda values: np.asarray(values).mean(axis=(0, 2, 3))

    def answers(self, view):
        """Averaged features at each exit, then the logits."""
        *features, logits = self.session.run([*self.names, "logits"], {"image": view})
        return [self.mean(values) for values in features] + [logits[0]]

    def shares(self, view, runs=60):
        """The share of the whole network's time that each exit comes at; medians of turns."""
        import onnx.utils
        import numpy as np

        extractor = onnx.utils.Extractor(self.model)
        sessions = [self._session(extractor.extract_model(["image"], [name])) for name in [*self.names, "probabilities"]]
        times = np.zeros((runs, len(sessions)))
        for run in range(-5, runs):
            for place, session in enumerate(sessions):
                begin = time.perf_counter()
                session.run(None, {"image": view})
                if run >= 0:
                    times[run, place] = time.perf_counter() - begin
        medians = np.median(times, axis=0)
        return medians[:-1] / medians[-1]

    @staticmethod
    def _session(model):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def pictures(folder):
    """Every picture of the packages and of the folder, as long as it is large enough to be cut views from."""
    from PIL import Image, UnidentifiedImageError

    found = []
    for package in PACKAGES:
        with environment.open_wheel(package) as wheel:
            for name in wheel.namelist():
                if "/data/" in name or "sample_data" in name or "datasets/images" in name:
                    if name.lower().endswith((".jpg", ".png")):
                        found.append(Image.open(io.BytesIO(wheel.read(name))).convert("RGB"))
    for path in sorted(folder.rglob("*")) if folder else []:
        if path.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp") and path.is_file() and not path.is_symlink():
            try:
                picture = Image.open(path).convert("RGB")
            except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
                continue
            picture.thumbnail((1400, 1400))
            found.append(picture)
    return [picture for picture in found if min(picture.size) >= 200]


def views(found, count):
    """Views with other framing, sides, exposure and colour; of three in ten a part is another picture's."""
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(SEED)

    def view():
        picture = found[random.integers(len(found))]
        side = min(picture.size) * np.exp(random.uniform(np.log(0.25), 0))
        left, top = (random.uniform(0, length - side) for length in picture.size)
        box = (left, top, left + side, top + side)
        pixels = np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC, box=box), np.float32)
        return pixels[:, ::-1] if random.random() < 0.5 else pixels

    for _ in range(count):
        pixels = view().copy()
        if random.random() < 0.3:
            cut = random.integers(40, SIDE - 40)
            pixels[:, cut:] = view()[:, cut:]
        gains = random.uniform(0.7, 1.3, size=3 if random.random() < 0.3 else 1)
        yield np.clip(pixels * gains + random.uniform(-20, 20), 0, 255).astype(np.uint8)[None]


def fit(features, logits, penalty):
    """Weights of a linear head, the last row its bias: ridge regression onto the centred logits."""
    import numpy as np

    inputs = np.c_[features, np.ones(len(features))]
    wanted = logits - logits.mean(axis=1, keepdims=True)
    return np.linalg.solve(inputs.T @ inputs + penalty * np.eye(inputs.shape[1]), inputs.T @ wanted)


def main():
    parser = argparse.ArgumentParser(description="Measures exits trained without labels from within EfficientNet-lite0.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="labelled pictures to measure on, with labels.tsv")
    parser.add_argument("--unlabelled", type=Path, metavar="FOLDER", help="more pictures to fit the exits on")
    parser.add_argument("--views", type=int, default=5000, help="views to fit the exits on (default: 5000)")
    options = parser.parse_args()
    try:
        environment.enter()
        import numpy as np

        labels = read_labels(options.folder)
        exits = Exits()
        found = pictures(options.unlabelled)
        fitted = [exits.answers(view) for view in views(found, options.views)]
        measured = [exits.answers(prepare(path, SIDE, MARGIN)) for path, _ in labels]
        truth = np.array([label for _, label in labels])
        logits = np.array([answer[-1] for answer in fitted])
        shares = exits.shares(prepare(labels[0][0], SIDE, MARGIN))
        known = len(set(logits.argmax(axis=1)))
        print(f"{len(found)} unlabelled pictures, {len(fitted)} views; the network sees {known} of 1000 classes in them")
        for place, name in enumerate(exits.names):
            inputs = np.array([answer[place] for answer in fitted])
            mean, deviation = inputs.mean(axis=0), inputs.std(axis=0) + 1e-6
            weights = fit((inputs - mean) / deviation, logits, penalty=10)
            tried = (np.array([answer[place] for answer in measured]) - mean) / deviation
            best = np.argsort(-(tried @ weights[:-1] + weights[-1]), axis=1)[:, :5]
            top1, top5 = (best[:, 0] == truth).mean(), (best == truth[:, None]).any(axis=1).mean()
            print(f"{name:16} {shares[place]:4.0%} of the time  top-1 {top1:.3f}  top-5 {top5:.3f}")
        best = np.argsort(-np.array([answer[-1] for answer in measured]), axis=1)[:, :5]
        top1, top5 = (best[:, 0] == truth).mean(), (best == truth[:, None]).any(axis=1).mean()
        print(f"{'whole':16} 100% of the time  top-1 {top1:.3f}  top-5 {top5:.3f}  ({len(truth)} pictures)")
    except BuildError as error:
        return str(error)
    except OSError as error:
        return f"{error.filename or options.folder}: {error.strerror or error}"


if __name__ == "__main__":
    failure = main()
    sys.exit(f"assets/exits.py: {failure}" if failure else 0)
