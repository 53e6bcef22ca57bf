"""Reads the tensors of a PyTorch `.pth` file without PyTorch.

The weights come in the stream format PyTorch wrote before 1.6: a magic number, a version, facts about the writer's
machine, the pickled state dictionary, the order of the storages, then each storage as an element count and raw
little-endian elements. A pickle can call anything it can name, so only the few names a state dictionary needs resolve.
"""

import collections
import pickle
import struct

import numpy as np

from . import places
from .failure import BuildError

MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001

ELEMENT_TYPES = {
    "FloatStorage": np.dtype("<f4"),
    "LongStorage": np.dtype("<i8"),
}


class Tensor:
    """A view on a storage, bound to its elements once they are read."""

    def __init__(self, storage, offset, shape, strides, *_):
        self.storage, self.offset, self.shape, self.strides = storage, offset, tuple(shape), tuple(strides)

    def array(self, storages):
        elements = storages[self.storage][self.offset:]
        last = sum((count - 1) * step for count, step in zip(self.shape, self.strides))
        if min(self.shape, default=1) < 1 or min(self.strides, default=0) < 0 or last >= len(elements):
            raise ValueError(f"a tensor of shape {self.shape} reaches beyond its storage")
        strides = [step * elements.itemsize for step in self.strides]
        return np.lib.stride_tricks.as_strided(elements, self.shape, strides).copy()


class StateUnpickler(pickle.Unpickler):
    """Resolves the names a state dictionary needs and refuses every other."""

    def __init__(self, file):
        super().__init__(file, encoding="utf-8")
        self.storages = {}

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return Tensor
        if module == "torch" and name in ELEMENT_TYPES:
            return ELEMENT_TYPES[name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}, which no list of weights needs")

    def persistent_load(self, reference):
        _, element_type, key, _, count, *_ = reference
        self.storages[key] = (element_type, count)
        return key


def read_tensors(file):
    """The tensors, by name, of the state dictionary in `file`, which is open for reading bytes."""
    try:
        return _read_stream(file)
    except (pickle.UnpicklingError, ValueError, KeyError, TypeError, EOFError, struct.error) as error:
        raise BuildError(f"the weights cannot be read: {error}; delete {places.cache() / 'wheels'} and build again")


def _read_stream(file):
    if StateUnpickler(file).load() != MAGIC or StateUnpickler(file).load() != VERSION:
        raise ValueError("it does not start with PyTorch's magic number and version 1001")
    StateUnpickler(file).load()  # facts about the machine that wrote it
    unpickler = StateUnpickler(file)
    state = unpickler.load()
    storages = {}
    for key in StateUnpickler(file).load():
        element_type, promised = unpickler.storages[key]
        (count,) = struct.unpack("<q", file.read(8))
        if count != promised:
            raise ValueError(f"storage {key} holds {count} elements instead of {promised}")
        storages[key] = np.frombuffer(file.read(count * element_type.itemsize), element_type, count)
    return {name: tensor.array(storages) for name, tensor in state.items() if isinstance(tensor, Tensor)}
