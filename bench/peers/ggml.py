"""Writes a Whisper from CTranslate2's form as whisper.cpp reads it: ggml.py FOLDER OUTPUT PRECISION

FOLDER holds model.bin and tokenizer.json. PRECISION is `f16`, or `q8_0`: matrices in blocks of 32 numbers of 8 bits
with one scale. Source: whisper.cpp, `models/convert-pt-to-ggml.py`, `examples/quantize` and `whisper_model_load`.
"""

import struct
import sys
from pathlib import Path

import numpy

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "assets"))
from builder import ct2, logmel, vocabulary  # noqa: E402

MAGIC = 0x67676D6C
# What a file, and a tensor, say of their numbers; a file of blocks also names the version of their layout, times 1000.
FILES = {"f16": 1, "q8_0": 2 * 1000 + 7}
FLOAT32, FLOAT16, BLOCKS = 0, 1, 8
BLOCK = 32

folder, output, precision = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
tensors = ct2.read_tensors((folder / "model.bin").read_bytes(), folder / "model.bin")
width, bands, _ = tensors["encoder/conv1/weight"].shape


def layers(part):
    return sum(name.startswith(f"{part}/layer_") and name.endswith("/ffn/linear_0/bias") for name in tensors)


def weights():
    """All tensors under whisper.cpp's names, in 32 bits."""
    for part in ("encoder", "decoder"):
        yield f"{part}.positional_embedding", tensors[f"{part}/position_encodings/encodings"]
    for name in ("conv1", "conv2"):
        yield f"encoder.{name}.weight", tensors[f"encoder/{name}/weight"]
        yield f"encoder.{name}.bias", tensors[f"encoder/{name}/bias"][:, None]
    yield "decoder.token_embedding.weight", tensors["decoder/embeddings/weight"]
    yield from norm("encoder.ln_post", "encoder")
    yield from norm("decoder.ln", "decoder")
    for part in ("encoder", "decoder"):
        for layer in range(layers(part)):
            ours, theirs = f"{part}/layer_{layer}", f"{part}.blocks.{layer}"
            yield from norm(f"{theirs}.attn_ln", f"{ours}/self_attention")
            yield from linear(("query", "key", "value"), f"{theirs}.attn", f"{ours}/self_attention/linear_0")
            yield from linear(("out",), f"{theirs}.attn", f"{ours}/self_attention/linear_1")
            if part == "decoder":
                yield from norm(f"{theirs}.cross_attn_ln", f"{ours}/attention")
                yield from linear(("query",), f"{theirs}.cross_attn", f"{ours}/attention/linear_0")
                yield from linear(("key", "value"), f"{theirs}.cross_attn", f"{ours}/attention/linear_1")
                yield from linear(("out",), f"{theirs}.cross_attn", f"{ours}/attention/linear_2")
            yield from norm(f"{theirs}.mlp_ln", f"{ours}/ffn")
            yield from linear(("0",), f"{theirs}.mlp", f"{ours}/ffn/linear_0")
            yield from linear(("2",), f"{theirs}.mlp", f"{ours}/ffn/linear_1")


def norm(theirs, ours):
    for their, our in (("weight", "gamma"), ("bias", "beta")):
        yield f"{theirs}.{their}", tensors[f"{ours}/layer_norm/{our}"]


def linear(names, theirs, ours):
    """Matrices that CTranslate2 keeps as one; whisper.cpp knows no bias of keys, which is 0."""
    for part in ("weight", "bias"):
        for name, values in zip(names, numpy.split(tensors[f"{ours}/{part}"], len(names))):
            if (name, part) != ("key", "bias"):
                yield f"{theirs}.{name}.{part}", values


def encoded(name, values):
    """A tensor's type and bytes; what is small or added, not multiplied, stays in 32 bits."""
    if values.ndim < 2 or name.endswith(("positional_embedding", "bias")):
        return FLOAT32, values.astype(numpy.float32).tobytes()
    if precision == "f16" or values.ndim > 2:
        return FLOAT16, values.astype(numpy.float16).tobytes()
    blocks = values.astype(numpy.float32).reshape(-1, BLOCK)
    scales = numpy.abs(blocks).max(axis=1, keepdims=True) / 127
    steps = numpy.rint(blocks / numpy.where(scales, scales, 1)).astype(numpy.int8)
    return BLOCKS, numpy.hstack([scales.astype(numpy.float16).view(numpy.int8), steps]).tobytes()


def integers(*values):
    return struct.pack(f"<{len(values)}i", *values)


tokens, marks = vocabulary.whisper(
    (folder / "tokenizer.json").read_text(), len(tensors["decoder/embeddings/weight"]))
words = tokens[:marks["<|endoftext|>"]]
filters = logmel.mel_filters(bands).T
with open(output, "wb") as file:
    file.write(integers(MAGIC, len(tokens)))
    for part in ("encoder", "decoder"):
        positions = len(tensors[f"{part}/position_encodings/encodings"])
        file.write(integers(positions, width, tensors[f"{part}/num_heads"], layers(part)))
    file.write(integers(bands, FILES[precision]))
    file.write(integers(*filters.shape) + filters.astype(numpy.float32).tobytes())
    file.write(integers(len(words)) + b"".join(integers(len(word)) + word for word in words))
    for name, values in weights():
        kind, content = encoded(name, values)
        file.write(integers(values.ndim, len(name), kind, *reversed(values.shape)) + name.encode() + content)
