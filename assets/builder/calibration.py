"""What each layer's values look like, measured on freely licensed pictures, to quantise them well.

None of the pictures is in the demo recording or among those accuracy is measured on; README.md names their authors.
"""

from dataclasses import dataclass

import numpy as np
import onnxruntime
from PIL import Image

from .efficientnet import PIXEL_SCALE, PIXEL_ZERO_POINT
from .environment import open_wheel
from .graphs import float_graph

# Package, picture and how often it is drawn, more for what looks more like a camera's view of the world.
PICTURES = [
    ("scikit_learn", "sklearn/datasets/images/flower.jpg", 6),
    ("scikit_image", "skimage/data/astronaut.png", 4),
    ("scikit_image", "skimage/data/rocket.jpg", 4),
    ("scikit_image", "skimage/data/camera.png", 3),
    ("scikit_image", "skimage/data/ihc.png", 2),
    ("scikit_image", "skimage/data/grass.png", 2),
    ("scikit_image", "skimage/data/gravel.png", 2),
    ("scikit_image", "skimage/data/coins.png", 2),
    ("scikit_image", "skimage/data/brick.png", 1),
    ("scikit_image", "skimage/data/retina.jpg", 1),
    ("scikit_image", "skimage/data/hubble_deep_field.jpg", 1),
    ("scikit_image", "skimage/data/clock_motion.png", 1),
]
VIEWS = 96
SEED = 1


@dataclass
class Statistics:
    """A layer's lowest and highest value, and each channel's mean."""

    low: float
    high: float
    means: np.ndarray


def statistics(network):
    """The statistics of every layer of `network` and its exits, of its "pixels" and of each "average", by name."""
    names = [layer.name for answer in network.answers for layer in answer.layers]
    names += [answer.name + "average" for answer in network.answers]
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    graph = float_graph(network, watched=names).SerializeToString()
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    found = {}
    for view in views(network.size):
        pixels = (view.transpose(2, 0, 1)[None] - np.float32(PIXEL_ZERO_POINT)) * np.float32(PIXEL_SCALE)
        for name, values in zip(["pixels", *names], [pixels, *session.run(names, {"image": view[None]})]):
            _add(found, name, float(values.min()), float(values.max()), values.mean(axis=(0, 2, 3), dtype=np.float64))
    return found


def _add(found, name, low, high, means):
    if name not in found:
        found[name] = Statistics(low, high, np.zeros(len(means)))
    seen = found[name]
    seen.low, seen.high, seen.means = min(seen.low, low), max(seen.high, high), seen.means + means / VIEWS


def views(size):
    """Views of the pictures as a camera may have them: other framing, sides, exposure and color. Always the same."""
    random = np.random.default_rng(SEED)
    pictures = [_open(package, picture) for package, picture, _ in PICTURES]
    weights = np.array([weight for _, _, weight in PICTURES], float)
    for _ in range(VIEWS):
        picture = pictures[random.choice(len(pictures), p=weights / weights.sum())]
        side = min(picture.size) * random.uniform(0.35, 1)
        left, top = (random.uniform(0, length - side) for length in picture.size)
        box = (left, top, left + side, top + side)
        view = np.asarray(picture.resize((size, size), Image.Resampling.BICUBIC, box=box), np.float32)
        if random.random() < 0.5:
            view = view[:, ::-1]
        gains = random.uniform(0.6, 1.4, size=3 if random.random() < 0.5 else 1)
        yield np.clip(view * gains + random.uniform(-30, 30), 0, 255).astype(np.uint8)


def _open(package, picture):
    with open_wheel(package) as wheel, wheel.open(picture) as file:
        return Image.open(file).convert("RGB")
