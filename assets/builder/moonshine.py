"""Moonshine's graphs in the form that heed decodes with, written from its makers' own.

The makers' graphs have hundreds of small nodes that work out shapes, and their decoder is two graphs in one. Written
anew from the same 8-bit weights they take a third less time, and their numbers are the same but for rounding. What the
decoder attends to is worked out at the end of the encoder. The encoder takes `samples` (float32, 16 kHz, [1, samples])
and gives `cross_key_i` [1, heads, size, length] and `cross_value_i` [1, heads, length, size]; the decoder takes one of
the `tokens` at a time, with `past_key_i` and `past_value_i` of the earlier ones, and gives `logits` and these with its
own added, `present_key_i` and `present_value_i`.

Source: N. Jeffries et al., "Moonshine: Speech Recognition for Live Transcription and Voice Commands", 2024: figure 2
for the architecture and the convolutions, which all sizes share, and section 3 for the most tokens a second.
"""

import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from .failure import BuildError
from .writer import Writer

CONVOLUTIONS = [{"size": 127, "stride": 64}, {"size": 7, "stride": 3}, {"size": 3, "stride": 2}]
TOKENS = {"start": 1, "end": 2}
TOKENS_PER_SECOND = 6.5
POSITIONS = 512
LONGEST = 480_000
EPSILON = 1e-5


class Moonshine:
    def __init__(self, encoder, decoder):
        """Reads the makers' graphs from the contents of their two files."""
        front = _read(encoder).graph
        self.front = _Weights(front, front)
        model = _read(decoder)
        choice = next((node for node in model.graph.node if node.op_type == "If"), None)
        if choice is None:
            raise BuildError("decoder_model_merged.ort: is no merged decoder, with a branch for the first token")
        branches = {attribute.name: attribute.g for attribute in choice.attribute}
        self.later, self.first = (
            _Weights(branches[name], model.graph) for name in ("then_branch", "else_branch"))
        past = next(tensor for tensor in model.graph.input if tensor.name == "past_key_values.0.decoder.key")
        self.heads, self.size = (past.type.tensor_type.shape.dim[axis].dim_value for axis in (1, 3))
        self.width = self.heads * self.size
        self.layers = sum(tensor.name.endswith(".decoder.key") for tensor in model.graph.input)
        self.encoder_layers = sum(name.endswith("/mlp/fc1/MatMul_quant") for name in self.front.nodes)
        self.embeddings = self.later.table("/model/decoder/embed_tokens/Gather")
        self.vocabulary = len(self.embeddings[0])

    def network(self):
        return {
            "layers": self.layers, "heads": self.heads, "headSize": self.size, "vocabulary": self.vocabulary,
            "positions": POSITIONS, "convolutions": CONVOLUTIONS, "tokens": TOKENS,
            "tokensPerSecond": TOKENS_PER_SECOND,
        }

    def encoder(self):
        graph = _Graph("moonshine-encoder", self, self.front)
        graph.node("Identity", [graph.input("samples", TensorProto.FLOAT, [1, "samples"])], "input_values")
        state = graph.adopt(self.front, "/Transpose_output_0")  # the convolutions
        length = graph.node("Shape", [state], start=1, end=2)
        cosines, sines = (
            graph.node("Slice", [graph.constant(name, table), graph.integers(0), length, graph.integers(0)])
            for name, table in zip(("cosines", "sines"), self.turns(self.front, _encoded_length(LONGEST))))
        for layer in range(self.encoder_layers):
            name = f"/layers.{layer}/"
            attended = graph.normalized(state, name + "input_layernorm")
            attended = self.encoder_attention(graph, attended, name, cosines, sines)
            state = graph.node("Add", [state, graph.projection(attended, name + "self_attn/o_proj")])
            hidden = graph.normalized(state, name + "post_attention_layernorm")
            hidden = graph.node("Gelu", [graph.projection(hidden, name + "mlp/fc1")])
            state = graph.node("Add", [state, graph.projection(hidden, name + "mlp/fc2")])
        features = graph.layer_norm(state, "features", *self.front.norm("SkipLayerNormalization", first=2))
        names = [f"/model/decoder/layers.{layer}/encoder_attn/{part}_proj/MatMul_quant"
                 for layer in range(self.layers) for part in "kv"]
        matrices = [self.first.matrix(name)[:3] for name in names]
        product = graph.integer_product(features, "cross", *_side_by_side(matrices))
        parts = graph.split(product, [f"cross/{number}" for number in range(len(names))], axis=2)
        for number, part in enumerate(parts):
            divided = graph.node("Reshape", [part, graph.integers(0, 0, self.heads, self.size)])
            kind, permutation, shape = [
                ("key", [0, 2, 3, 1], [1, self.heads, self.size, "length"]),
                ("value", [0, 2, 1, 3], [1, self.heads, "length", self.size])][number % 2]
            output = graph.output(f"cross_{kind}_{number // 2}", TensorProto.FLOAT, shape)
            graph.node("Transpose", [divided], output, perm=permutation)
        return graph

    def encoder_attention(self, graph, state, name, cosines, sines):
        product = self.projections(graph, self.front, state, name + "self_attn/")
        product = graph.node("Reshape", [product, graph.integers(-1, 5 * self.heads, self.size)])
        product = graph.node("Transpose", [product], perm=[1, 0, 2])
        query, key, value = graph.turned(product, name, [2 * self.heads, 2 * self.heads, self.heads], cosines, sines)
        scores = graph.scores(query, graph.node("Transpose", [key], perm=[0, 2, 1]))
        mixed = graph.node("Transpose", [graph.node("MatMul", [scores, value])], perm=[1, 0, 2])
        return graph.node("Reshape", [mixed, graph.integers(1, -1, self.width)])

    def decoder(self):
        graph = _Graph("moonshine-decoder", self, self.later)
        tokens = graph.input("tokens", TensorProto.INT64, [1, 1])
        graph.output("logits", TensorProto.FLOAT, [1, 1, self.vocabulary])
        for layer in range(self.layers):
            for part in ("key", "value"):
                graph.input(f"past_{part}_{layer}", TensorProto.FLOAT, [1, self.heads, "past", self.size])
                graph.output(f"present_{part}_{layer}", TensorProto.FLOAT, [1, self.heads, "past + 1", self.size])
            graph.input(f"cross_key_{layer}", TensorProto.FLOAT, [1, self.heads, self.size, "length"])
            graph.input(f"cross_value_{layer}", TensorProto.FLOAT, [1, self.heads, "length", self.size])

        past = graph.node("Shape", ["past_key_0"], start=2, end=3)
        cosines, sines = (graph.node("Gather", [graph.constant(name, table), past])
                          for name, table in zip(("cosines", "sines"), self.turns(self.later, POSITIONS)))
        table, scale, zero_point = self.embeddings
        state = graph.node("DequantizeLinear", [
            graph.node("Gather", [graph.constant("embeddings", table), tokens]),
            graph.constant("embeddings/scale", scale), graph.constant("embeddings/zero_point", zero_point)])
        for layer in range(self.layers):
            name = f"/model/decoder/layers.{layer}/"
            attended = graph.normalized(state, name + "input_layernorm")
            attended = self.self_attention(graph, attended, layer, cosines, sines)
            state = graph.node("Add", [state, graph.projection(attended, name + "self_attn/o_proj")])

            query = graph.normalized(state, name + "post_attention_layernorm")
            query = graph.projection(query, name + "encoder_attn/q_proj")
            attended = graph.attention(graph.by_head(query), f"cross_key_{layer}", f"cross_value_{layer}")
            state = graph.node("Add", [state, graph.projection(attended, name + "encoder_attn/o_proj")])

            hidden = graph.projection(graph.normalized(state, name + "final_layernorm"), name + "mlp/fc1")
            values, gates = graph.split(hidden, [f"{name}values", f"{name}gates"], axis=2)
            gates = graph.node("Mul", [gates, graph.node("Sigmoid", [gates])])
            hidden = graph.projection(graph.node("Mul", [gates, values]), name + "mlp/fc2")
            state = graph.node("Add", [state, hidden])
        state = graph.normalized(state, "/model/decoder/norm")
        graph.integer_product(state, "logits", *self.later.matrix("/proj_out/MatMul_quant"), output="logits")
        return graph

    def self_attention(self, graph, state, layer, cosines, sines):
        name = f"/model/decoder/layers.{layer}/self_attn/"
        product = self.projections(graph, self.later, state, name)
        product = graph.node("Reshape", [product, graph.integers(5, self.heads, 1, self.size)])
        query, key, value = graph.turned(product, name, [2, 2, 1], cosines, sines)
        key = graph.node("Concat", [f"past_key_{layer}", key], f"present_key_{layer}", axis=2)
        value = graph.node("Concat", [f"past_value_{layer}", value], f"present_value_{layer}", axis=2)
        return graph.attention(query, graph.node("Transpose", [key], perm=[0, 1, 3, 2]), value)

    def projections(self, graph, weights, state, name):
        """Queries, keys, the partners of both, and values, from one product.

        Turning a pair of numbers by an angle takes each by the cosine and its partner by the sine. The partners come
        out of the same product, from the columns in another order.
        """
        query, key, value = (weights.matrix(f"{name}{part}_proj/MatMul_quant")[:3] for part in "qkv")
        partners = self.partners()
        swapped = [(matrix[:, partners], scale, zero_point) for matrix, scale, zero_point in (query, key)]
        return graph.integer_product(state, name + "qkv", *_side_by_side([query, key, *swapped, value]))

    def turns(self, weights, positions):
        """The cosine of each number's angle at each position, and the sine with the sign that its partner has."""
        frequencies = weights.frequencies()
        # In 32 bits, as the makers' graphs work them out.
        angles = np.arange(positions, dtype=np.float32)[:, None] * np.repeat(frequencies, 2)
        rest = np.zeros((positions, self.size - angles.shape[1]), np.float32)  # numbers that do not turn
        signs = np.tile(np.float32([-1, 1]), len(frequencies))
        return (np.concatenate([np.cos(angles), rest + 1], axis=1),
                np.concatenate([np.sin(angles) * signs, rest], axis=1))

    def partners(self):
        """The column that each column's number turns with; its own where it does not turn."""
        columns = np.arange(self.width).reshape(self.heads, self.size)
        turning = 2 * len(self.later.frequencies())
        columns[:, :turning] = columns[:, :turning].reshape(self.heads, -1, 2)[:, :, ::-1].reshape(self.heads, turning)
        return columns.reshape(-1)


class _Graph(Writer):
    """Writes with the weights of one of the makers' graphs."""

    def __init__(self, name, model, weights):
        super().__init__(name)
        self.model, self.weights = model, weights

    def projection(self, source, name):
        return self.integer_product(source, name, *self.weights.matrix(name + "/MatMul_quant"))

    def normalized(self, source, name):
        return self.layer_norm(source, name, *self.weights.norm(name + "/LayerNormalization"))

    def layer_norm(self, source, name, *weights):
        weights = [self.constant(f"{name}/{number}", value) for number, value in enumerate(weights)]
        return self.node("LayerNormalization", [source, *weights], axis=-1, epsilon=EPSILON)

    def turned(self, product, name, sizes, cosines, sines):
        """Queries and keys, turned by their positions' angles, and values, each a part of `product`'s first axis."""
        names = [f"{name}pairs", f"{name}partners", f"{name}values"]
        self.nodes.append(helper.make_node(
            "Split", [product, self.integers(*sizes)], names, name=name + "split", axis=0))
        pairs, partners, values = names
        turned = self.node("Add", [self.node("Mul", [pairs, cosines]), self.node("Mul", [partners, sines])])
        return *self.split(turned, [f"{name}query", f"{name}key"], axis=0), values

    def by_head(self, source):
        return self.node("Reshape", [source, self.integers(1, self.model.heads, 1, self.model.size)])

    def attention(self, query, key, value):
        mixed = self.node("MatMul", [self.scores(query, key), value])
        return self.node("Reshape", [mixed, self.integers(1, 1, self.model.width)])

    def scores(self, query, key):
        scale = self.constant("scale", np.float32(self.model.size ** -0.5))
        return self.node("Softmax", [self.node("Mul", [self.node("MatMul", [query, key]), scale])], axis=-1)

    def adopt(self, weights, output):
        """Takes over the nodes that `output` comes from, and their constants, under their own names."""
        self.uses_microsoft = True
        wanted, adopted = {output}, []
        for node in reversed(weights.nodes.values()):
            if wanted.intersection(node.output):
                wanted.update(node.input)
                adopted.insert(0, node)
        self.nodes += adopted
        # In order, so that the file is the same in every build: a profile holds for one file.
        self.constants |= {name: weights.value(name) for name in sorted(wanted) if weights.value(name) is not None}
        return output


class _Weights:
    """The constants of a branch, found by the nodes that use them."""

    def __init__(self, branch, outer):
        self.nodes = {node.name: node for node in branch.node}
        self.rotary = next((name for name in self.nodes if name.endswith("rotary_emb/Expand")), "rotary_emb/Expand")
        self.values = {value.name: value for graph in (outer, branch) for value in graph.initializer}

    def node(self, name):
        if name not in self.nodes:
            raise BuildError(f"Moonshine's graphs have no {name}; they are of another export than this tool reads")
        return self.nodes[name]

    def value(self, name):
        return numpy_helper.to_array(self.values[name]) if name in self.values else None

    def matrix(self, name):
        """Bytes, their scale and zero point, and the bias or None."""
        node = self.node(name)
        places = {"DynamicQuantizeMatMul": (1, 2, 3, 4), "MatMulIntegerToFloat": (1, 3, 5, 6)}[node.op_type]
        inputs = [*node.input, *[""] * 7]
        matrix, scale, zero_point, bias = (self.value(inputs[place]) for place in places)
        return matrix, scale, zero_point, bias

    def norm(self, name, first=1):
        return [self.value(constant) for constant in self.node(name).input[first:]]

    def table(self, name):
        """Bytes, scale and zero point of a table whose rows are gathered before they are widened."""
        node = self.node(name + "_output_0_DequantizeLinear")
        return [self.value(constant) for constant in (self.node(name).input[0], *node.input[1:])]

    def frequencies(self):
        return self.value(self.node(self.rotary).input[0]).reshape(-1)


def _encoded_length(samples):
    for convolution in CONVOLUTIONS:
        samples = (samples - convolution["size"]) // convolution["stride"] + 1
    return samples


def _side_by_side(matrices):
    """Several matrices as one, with a scale and a zero point for each column."""
    wide = [(matrix, *(np.broadcast_to(part, matrix.shape[1]) for part in parts)) for matrix, *parts in matrices]
    return tuple(np.concatenate(parts, axis=-1) for parts in zip(*wide))


def _read(content):
    """A graph in ONNX Runtime's format as ONNX."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "graph.ort", Path(folder) / "graph.onnx"
        source.write_bytes(content)
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.optimized_model_filepath = str(target)
        options.add_session_config_entry("session.save_model_format", "ONNX")
        onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])
        return onnx.load(target)
