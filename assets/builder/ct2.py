"""Reads the weights of a CTranslate2 model, `model.bin`, with numpy alone.

The file, little-endian and unaligned: version (u32), specification (string), revision (u32), number of variables (u32);
for each its name (string), rank (u8), dimensions (u32 each), type (u8), size in bytes (u32) and values; then the number
of aliases (u32), and for each its name and the name it stands for. A string is its length with the final NUL (u16) and
its bytes. Source: CTranslate2's `ModelSpec._serialize`.
"""

import struct

import numpy as np

from .failure import BuildError

VERSIONS = range(4, 7)
FLOAT16 = 4
TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, FLOAT16: np.float16}


def read_tensors(content, place):
    """The tensors in `content`, by name, without copying; `place` names the file in errors."""
    try:
        return _Reader(content, place).tensors()
    except (struct.error, ValueError, UnicodeDecodeError) as error:
        raise BuildError(f"{place}: is cut off or no CTranslate2 model ({error})")


class _Reader:
    def __init__(self, content, place):
        self.content, self.place, self.position = content, place, 0

    def tensors(self):
        version = self.number("I")
        if version not in VERSIONS:
            raise BuildError(f"{self.place}: is version {version} of CTranslate2's format; 4 to 6 are readable")
        self.string(), self.number("I")
        tensors = dict(self.variable() for _ in range(self.number("I")))
        for _ in range(self.number("I")):
            alias, name = self.string(), self.string()
            tensors[alias] = tensors[name]
        return tensors

    def variable(self):
        name = self.string()
        shape = [self.number("I") for _ in range(self.number("B"))]
        number = self.number("B")
        if number not in TYPES:
            raise BuildError(f"{self.place}: {name} is of type {number}, which is not readable; convert the model with "
                             "`--quantization float16`")
        size, kind = self.number("I"), np.dtype(TYPES[number])
        values = np.frombuffer(self.content, kind, size // kind.itemsize, self.position).reshape(shape)
        self.position += size
        return name, values

    def number(self, kind):
        value, = struct.unpack_from("<" + kind, self.content, self.position)
        self.position += struct.calcsize("<" + kind)
        return value

    def string(self):
        length = self.number("H")
        text = bytes(self.content[self.position:self.position + length - 1]).decode()
        self.position += length
        return text
