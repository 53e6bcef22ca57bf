"""Whisper as two ONNX graphs of plain operators, written from CTranslate2 weights.

`encoder.onnx` takes sound (`samples`, float32, 16 kHz, a multiple of 160 of them) and the number of 10 ms `frames` to
look at, and gives for each layer of the decoder what it attends to (`cross_key_i` [1, heads, size, frames / 2] and
`cross_value_i` [1, heads, frames / 2, size]). `decoder.onnx` takes `tokens`, the numbers of the `rows` among them whose
`logits` are wanted, and the keys and values of earlier tokens (`past_key_i`, `past_value_i`, of any length, 0 too), and
gives them with the new ones added (`present_key_i`, `present_value_i`): one graph for the prompt and each later token.

Architecture: A. Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision", 2022.
"""

import numpy as np
from onnx import TensorProto

from . import logmel
from .writer import Writer

EPSILON = 1e-5
# The scores of all 1500 positions at once leave the processor's caches; a quarter of the rows at a time, the encoder
# takes an eighth less time, and gives the same numbers.
PARTS = 4


class Whisper:
    def __init__(self, tensors):
        self.tensors = tensors
        self.width, self.bands, _ = tensors["encoder/conv1/weight"].shape
        self.heads = int(tensors["encoder/num_heads"])
        self.size = self.width // self.heads
        self.vocabulary = len(tensors["decoder/embeddings/weight"])
        self.positions = len(tensors["decoder/position_encodings/encodings"])
        self.window = len(tensors["encoder/position_encodings/encodings"]) * 2
        self.encoder_layers, self.decoder_layers = (
            sum(name.startswith(f"{part}/layer_") and name.endswith("/ffn/linear_0/bias") for name in tensors)
            for part in ("encoder", "decoder"))
        # A power of two where a head has 64 numbers: then it is exact to have it in the weights.
        self.scale = self.size ** -0.5

    def tensor(self, name):
        return self.tensors[name].astype(np.float32)

    def encoder(self, way):
        graph = _Graph("whisper-encoder", self, way)
        mel = graph.log_mel(graph.input("samples", TensorProto.FLOAT, [1, "samples"]),
                            graph.input("frames", TensorProto.INT64, [1]))
        state = graph.convolution("conv2", graph.convolution("conv1", mel, 1), 2)
        length = graph.node("Shape", [graph.node("Transpose", [state], "convolved", perm=[0, 2, 1])], start=1, end=2)
        state = graph.node("Add", ["convolved", graph.positions("encoder", graph.integers(0), length)])
        for layer in range(self.encoder_layers):
            name = f"encoder/layer_{layer}/self_attention"
            query, key, value = graph.projections(graph.normalized(state, name), name)
            key = graph.node("Transpose", [graph.divided(key)], perm=[0, 2, 3, 1])
            queries = graph.split(graph.by_head(query), [f"{name}/query/{part}" for part in range(PARTS)], axis=2)
            value = graph.by_head(value)
            parts = [graph.attention(part, key, value) for part in queries]
            attended = graph.joined(graph.node("Concat", parts, axis=2))
            state = graph.node("Add", [state, graph.projection(attended, name + "/linear_1")])
            state = graph.feed_forward(state, f"encoder/layer_{layer}/ffn")
        features = graph.normalized(state, "encoder")
        for layer in range(self.decoder_layers):
            name = f"decoder/layer_{layer}/attention/linear_1"
            matrix, bias = self.tensor(name + "/weight").T, self.tensor(name + "/bias")
            for part, permutation, columns, shape in (
                    ("key", [0, 2, 3, 1], slice(None, self.width), [1, self.heads, self.size, "length"]),
                    ("value", [0, 2, 1, 3], slice(self.width, None), [1, self.heads, "length", self.size])):
                part_bias = bias[columns] if bias[columns].any() else None  # keys have none
                state = graph.linear(features, f"{name}/{part}", matrix[:, columns], part_bias, way)
                output = graph.output(f"cross_{part}_{layer}", TensorProto.FLOAT, shape)
                graph.node("Transpose", [graph.divided(state)], output, perm=permutation)
        return graph

    def decoder(self, way):
        graph = _Graph("whisper-decoder", self, way)
        tokens = graph.input("tokens", TensorProto.INT64, [1, "new"])
        rows = graph.input("rows", TensorProto.INT64, ["rows"])
        graph.output("logits", TensorProto.FLOAT, ["rows", self.vocabulary])
        for layer in range(self.decoder_layers):
            for part in ("key", "value"):
                graph.input(f"past_{part}_{layer}", TensorProto.FLOAT, [1, self.heads, "past", self.size])
                graph.output(f"present_{part}_{layer}", TensorProto.FLOAT, [1, self.heads, "past + new", self.size])
            graph.input(f"cross_key_{layer}", TensorProto.FLOAT, [1, self.heads, self.size, "length"])
            graph.input(f"cross_value_{layer}", TensorProto.FLOAT, [1, self.heads, "length", self.size])

        past = graph.node("Shape", ["past_key_0"], start=2, end=3)
        total = graph.node("Add", [past, graph.node("Shape", [tokens], start=1, end=2)])
        mask = graph.causal_mask(past, total)
        embeddings = self.tensor("decoder/embeddings/weight")
        # Gathered before it is widened, a row for each token; only the logits may need the whole table in floats.
        table = graph.half("embeddings", embeddings) or graph.weight("embeddings", embeddings)
        state = graph.node("Cast", [graph.node("Gather", [table, tokens])], to=TensorProto.FLOAT)
        state = graph.node("Add", [state, graph.positions("decoder", past, total)])
        for layer in range(self.decoder_layers):
            name = f"decoder/layer_{layer}/self_attention"
            query, key, value = graph.projections(graph.normalized(state, name), name)
            key = graph.node("Concat", [f"past_key_{layer}", graph.by_head(key)], f"present_key_{layer}", axis=2)
            value = graph.by_head(value)
            value = graph.node("Concat", [f"past_value_{layer}", value], f"present_value_{layer}", axis=2)
            key = graph.node("Transpose", [key], perm=[0, 1, 3, 2])
            attended = graph.joined(graph.attention(graph.by_head(query), key, value, mask))
            state = graph.node("Add", [state, graph.projection(attended, name + "/linear_1")])

            name = f"decoder/layer_{layer}/attention"
            query = graph.projection(graph.normalized(state, name), name + "/linear_0", self.scale)
            attended = graph.joined(
                graph.attention(graph.by_head(query), f"cross_key_{layer}", f"cross_value_{layer}"))
            state = graph.node("Add", [state, graph.projection(attended, name + "/linear_2")])
            state = graph.feed_forward(state, f"decoder/layer_{layer}/ffn")
        chosen = graph.node("Gather", [graph.node("Squeeze", [state, graph.integers(0)]), rows], axis=0)
        chosen = graph.normalized(chosen, "decoder")
        if way == "fp32":
            graph.node("Gemm", [chosen, graph.weight("embeddings", embeddings)], "logits", transB=1)
        else:
            graph.block_product(chosen, "logits", embeddings.T, "logits")
        return graph


class _Graph(Writer):
    def __init__(self, name, model, way):
        super().__init__(name)
        self.model, self.way = model, way

    def log_mel(self, samples, frames):
        """The log-mel spectrogram of `samples`, [1, bands, frames], as if silence followed up to the last frame."""
        side = logmel.WINDOW // 2
        padded = self.node("Pad", [samples, self.integers(0, side, 0, side)], mode="reflect")
        kernels = self.constant("fourier", logmel.fourier_kernels())
        waves = self.node("Conv", [self.node("Unsqueeze", [padded, self.integers(1)]), kernels],
                          kernel_shape=[logmel.WINDOW], strides=[logmel.HOP])
        # The last frame lies around the end of the sound, and Whisper leaves it out.
        waves = self.node("Slice", [waves, self.integers(0), self.integers(-1), self.integers(2)])
        cosines, sines = self.split(self.node("Mul", [waves, waves]), ["cosines", "sines"], axis=1)
        powers = self.node("Add", [cosines, sines])
        filters = self.constant("filters", logmel.mel_filters(self.model.bands).T)
        floor = self.constant("floor", np.float32(logmel.FLOOR))
        energies = self.node("Max", [self.node("MatMul", [filters, powers]), floor])
        # Decibels would be ten times the logarithm to base 10; Whisper takes a quarter of it, plus one.
        levels = self.node("Mul", [self.node("Log", [energies]), self.constant("log", np.float32(1 / np.log(10)))])
        count = self.node("Shape", [levels], start=2, end=3)
        missing = self.node("Concat", [self.integers(0, 0, 0, 0, 0), self.node("Sub", [frames, count])], axis=0)
        silence = self.constant("silence", np.float32(np.log10(logmel.FLOOR)))
        levels = self.node("Pad", [levels, missing, silence])
        loudest = self.node("ReduceMax", [levels], keepdims=0)
        levels = self.node("Max", [levels, self.node("Sub", [loudest, self.constant("range", np.float32(8))])])
        four = self.constant("four", np.float32(4))
        return self.node("Div", [self.node("Add", [levels, four]), four], "mel")

    def convolution(self, name, source, stride):
        inputs = [source, *(self.weight(f"{name}/{part}", self.model.tensor(f"encoder/{name}/{part}"))
                            for part in ("weight", "bias"))]
        return self.node("Gelu", [self.node("Conv", inputs, kernel_shape=[3], pads=[1, 1], strides=[stride])])

    def positions(self, part, start, end):
        table = self.weight(part + "/positions", self.model.tensor(part + "/position_encodings/encodings"))
        return self.node("Slice", [table, start, end, self.integers(0)])

    def normalized(self, source, name):
        name += "/layer_norm"
        weights = [self.weight(f"{name}/{part}", self.model.tensor(f"{name}/{part}")) for part in ("gamma", "beta")]
        return self.node("LayerNormalization", [source, *weights], axis=-1, epsilon=EPSILON)

    def projection(self, source, name, scale=1.0, way=None):
        matrix, bias = self.model.tensor(name + "/weight").T, self.model.tensor(name + "/bias")
        return self.linear(source, name, matrix * np.float32(scale), bias * np.float32(scale), way or self.way)

    def projections(self, source, name):
        """Queries, keys and values, from one product; the queries scaled."""
        scales = np.repeat(np.array([self.model.scale, 1, 1], np.float32), self.model.width)
        matrix, bias = self.model.tensor(name + "/linear_0/weight").T, self.model.tensor(name + "/linear_0/bias")
        product = self.linear(source, name + "/linear_0", matrix * scales, bias * scales, self.way)
        return self.split(product, [f"{name}/{part}" for part in ("query", "key", "value")], axis=2)

    def feed_forward(self, state, name):
        hidden = self.node("Gelu", [self.projection(self.normalized(state, name), name + "/linear_0")])
        # A few large values of GELU leave all others few of the 256 steps that a whole tensor shares, and cost words.
        way = "fp32" if self.way == "int8" else self.way
        return self.node("Add", [state, self.projection(hidden, name + "/linear_1", way=way)])

    def divided(self, source):
        return self.node("Reshape", [source, self.integers(0, 0, self.model.heads, self.model.size)])

    def by_head(self, source):
        return self.node("Transpose", [self.divided(source)], perm=[0, 2, 1, 3])

    def attention(self, query, key, value, mask=None):
        """Attention of `query` to `value`; `key` comes transposed, [1, heads, size, length]."""
        scores = self.node("MatMul", [query, key])
        if mask:
            scores = self.node("Add", [scores, mask])
        return self.node("MatMul", [self.node("Softmax", [scores], axis=-1), value])

    def joined(self, mixed):
        """The heads' results side by side, [1, length, width]."""
        mixed = self.node("Transpose", [mixed], perm=[0, 2, 1, 3])
        return self.node("Reshape", [mixed, self.integers(0, 0, self.model.width)])

    def causal_mask(self, past, total):
        """0 where a new token may look, far below 0 where it may not: at those after it."""
        zero, one = (self.constant(f"scalar {value}", np.int64(value)) for value in (0, 1))
        past, total = (self.node("Squeeze", [number, self.integers(0)]) for number in (past, total))
        rows = self.node("Unsqueeze", [self.node("Range", [past, total, one]), self.integers(1)])
        columns = self.node("Unsqueeze", [self.node("Range", [zero, total, one]), self.integers(0)])
        return self.node("Where", [
            self.node("LessOrEqual", [columns, rows]),
            self.constant("seen", np.float32(0)), self.constant("unseen", np.float32(-1e9))])
