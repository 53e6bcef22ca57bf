"""EfficientNet-lite as a list of layers, read from PyTorch weights.

The layers are plain values; `float_graph` and `integer_graph` write them as ONNX in one precision each.
Architecture: M. Tan, Q. V. Le, "EfficientNet", 2019, in the "lite" form (no squeeze-and-excitation, ReLU6).
"""

from dataclasses import dataclass, replace

import numpy as np

BATCH_NORM_EPSILON = 1e-3
STAGE_STRIDES = [1, 2, 2, 2, 1, 2, 1]

# The networks see (pixel - 127) / 128. Zero point and scale of a quantised byte say exactly that.
PIXEL_ZERO_POINT = 127
PIXEL_SCALE = 1 / 128


@dataclass(frozen=True)
class Convolution:
    name: str
    source: str
    weight: np.ndarray  # [output channels, input channels / groups, height, width], batch normalisation folded in
    bias: np.ndarray
    stride: int
    pads: tuple  # before and after, the same for rows and columns
    groups: int
    clipped: bool  # ReLU6 follows


@dataclass(frozen=True)
class Sum:
    name: str
    left: str
    right: str


@dataclass(frozen=True)
class Answer:
    name: str  # what its tensors' names begin with; nothing for the network's own
    layers: list  # the last is averaged over the picture and goes to the classifier
    weight: np.ndarray  # the classifier's, [classes, features]
    bias: np.ndarray


@dataclass(frozen=True)
class Network:
    size: int
    layers: list  # the first reads "pixels"
    weight: np.ndarray
    bias: np.ndarray
    exits: tuple = ()  # answers on the way, whose first layer reads one of the network's

    @property
    def answers(self):
        """The network's own answer, then those of its exits."""
        return [Answer("", self.layers, self.weight, self.bias), *self.exits]

    def without_exits(self):
        return replace(self, exits=())

    @property
    def block_ends(self):
        """The name of each block's last layer."""
        ends = {_block(layer): layer.name for layer in self.layers}
        ends.pop(None)
        return ends

    def exit_behind(self, block, name):
        """An answer from what the network makes of a picture up to a block, by its own further layers.

        Blocks that add to what they are given are left out: trained with random ones missing, the network does
        without them, though not as well.
        """
        optional = {_block(layer) for layer in self.layers if isinstance(layer, Sum)}
        behind = next(i for i, layer in enumerate(self.layers) if layer.name == self.block_ends[block]) + 1
        source, layers = self.block_ends[block], []
        for layer in self.layers[behind:]:
            if _block(layer) not in optional:
                layers.append(replace(layer, name=f"{name}/{layer.name}", source=source))
                source = layers[-1].name
        return Answer(name + "/", layers, self.weight, self.bias)


def _block(layer):
    """The number of the block that a layer is of; None for those before and behind all blocks."""
    start = layer.name.split("/")[0]
    return int(start[5:]) if start.startswith("block") else None


def network(tensors, size):
    """The layers of the network whose weights are `tensors`, for square pictures of side `size`."""
    reader = _Reader(tensors, size)
    reader.convolution("stem", "_conv_stem", "_bn0", stride=2)
    blocks = 1 + max(int(name.split(".")[1]) for name in tensors if name.startswith("_blocks."))
    stage = -1
    for block in range(blocks):
        prefix = f"_blocks.{block}."
        channels = tensors[prefix + "_project_conv.weight"].shape[0]
        starts_stage = block == 0 or channels != reader.channels
        stage += starts_stage
        reader.block(block, prefix, stride=STAGE_STRIDES[stage] if starts_stage else 1)
    assert stage == len(STAGE_STRIDES) - 1, f"{stage + 1} stages instead of {len(STAGE_STRIDES)}"
    reader.convolution("head", "_conv_head", "_bn1")
    return Network(size, reader.layers, tensors["_fc.weight"], tensors["_fc.bias"])


class _Reader:
    """Follows the network from the picture on, keeping the newest layer's name, side and channels."""

    def __init__(self, tensors, size):
        self.tensors, self.side, self.channels, self.newest, self.layers = tensors, size, 3, "pixels", []

    def convolution(self, name, weights, norm, stride=1, groups=1, clipped=True):
        weight = self.tensors[weights + ".weight"].astype(np.float64)
        gamma, beta, mean, variance = (
            self.tensors[f"{norm}.{part}"].astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        factor = gamma / np.sqrt(variance + BATCH_NORM_EPSILON)
        self.layers.append(Convolution(
            name, self.newest,
            (weight * factor[:, None, None, None]).astype(np.float32), (beta - mean * factor).astype(np.float32),
            stride, self._same_pads(weight.shape[2], stride), groups, clipped))
        self.newest, self.side, self.channels = name, -(-self.side // stride), weight.shape[0]

    def block(self, number, prefix, stride):
        entry, entry_channels, name = self.newest, self.channels, f"block{number}"
        if prefix + "_expand_conv.weight" in self.tensors:
            self.convolution(name + "/expand", prefix + "_expand_conv", prefix + "_bn0")
        self.convolution(name + "/depthwise", prefix + "_depthwise_conv", prefix + "_bn1", stride, self.channels)
        self.convolution(name + "/project", prefix + "_project_conv", prefix + "_bn2", clipped=False)
        if stride == 1 and self.channels == entry_channels:
            self.layers.append(Sum(name + "/sum", self.newest, entry))
            self.newest = name + "/sum"

    def _same_pads(self, kernel, stride):
        # TensorFlow's "SAME" puts the odd row or column after the picture, where PyTorch's padding cannot.
        total = max((-(-self.side // stride) - 1) * stride + kernel - self.side, 0)
        return total // 2, total - total // 2
