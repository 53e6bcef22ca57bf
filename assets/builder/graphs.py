"""Writes a network as an ONNX graph, in 32-bit floats or in 8-bit integers.

Both take `image` (uint8, [1, side, side, 3], RGB) and give `probabilities` (float32, [1, classes]). Both turn pixels
into what the network expects with one DequantizeLinear, which is exactly (pixel - 127) / 128; in the integer graph it
melts into the first convolution, which then reads the camera's bytes themselves.

A network with exits gives the probabilities of each as well, under the exit's name; `segments` cuts such a graph.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .efficientnet import PIXEL_SCALE, PIXEL_ZERO_POINT, Convolution

OPSET = 17
IR_VERSION = 9


def float_graph(network, watched=()):
    """The network in 32-bit floats; layers named in `watched` become outputs too, for calibration."""
    graph = _Graph(network)
    graph.dequantize(graph.pixels_first(), "pixels", PIXEL_SCALE, PIXEL_ZERO_POINT)
    for layer in _all_layers(network):
        if isinstance(layer, Convolution):
            name = layer.name + "/unclipped" if layer.clipped else layer.name
            graph.convolution(
                layer, layer.source, graph.constant(layer.name + "/weight", layer.weight),
                graph.constant(layer.name + "/bias", layer.bias), name)
            if layer.clipped:
                limits = [graph.constant("zero", np.float32(0)), graph.constant("six", np.float32(6))]
                graph.node("Clip", [name, *limits], layer.name)
        else:
            graph.node("Add", [layer.left, layer.right], layer.name)
    for answer in network.answers:
        graph.node("GlobalAveragePool", [answer.layers[-1].name], answer.name + "average")
        graph.node("Flatten", [answer.name + "average"], answer.name + "features", axis=1)
        graph.classifier(
            answer.name, graph.constant(answer.name + "classifier/weight", answer.weight),
            graph.constant(answer.name + "classifier/bias", answer.bias))
    return graph.model(watched)


def integer_graph(network, statistics):
    """The network in 8-bit integers: activations unsigned, one range a layer; weights signed, one scale a channel.

    `statistics` are those of `calibration`. ONNX Runtime joins each operator with the (de)quantising around it. What
    is above or below a range saturates, which is all that ReLU6 does, so no Clip remains. The logits stay floats:
    256 steps would make ties of neighbors.
    """
    graph = _Graph(network)
    scales = {"pixels": PIXEL_SCALE}
    graph.dequantize(graph.pixels_first(), "pixels", PIXEL_SCALE, PIXEL_ZERO_POINT)

    def quantized(source, name):
        scales[name], zero_point = _steps(statistics[name].low, statistics[name].high)
        steps = graph.steps(name, scales[name], zero_point)
        return graph.node("QuantizeLinear", [source, *steps], name + "/bytes"), steps

    def through_bytes(source, name):
        values, steps = quantized(source, name)
        graph.node("DequantizeLinear", [values, *steps], name)

    for layer in _all_layers(network):
        if isinstance(layer, Convolution):
            weight, bias = graph.quantized_weights(
                layer.name, layer.weight, layer.bias, scales[layer.source], statistics[layer.source].means)
            through_bytes(graph.convolution(layer, layer.source, weight, bias, layer.name + "/float"), layer.name)
        else:
            through_bytes(graph.node("Add", [layer.left, layer.right], layer.name + "/float"), layer.name)
    for answer in network.answers:
        name = answer.name
        values, steps = quantized(
            graph.node("GlobalAveragePool", [answer.layers[-1].name], name + "average/float"), name + "average")
        # Flat before they are floats: ONNX Runtime joins the classifier only with a dequantising that is its neighbor.
        flat = graph.node("Flatten", [values], name + "features/bytes", axis=1)
        graph.node("DequantizeLinear", [flat, *steps], name + "features")
        graph.classifier(name, *graph.quantized_weights(
            name + "classifier", answer.weight, answer.bias, scales[name + "average"],
            statistics[name + "average"].means))
    return graph.model()


def segments(model, cuts):
    """Cuts the graph of a network with exits into segments that run one after the other.

    `cuts` are pairs of an exit's name and of the tensor that is handed on behind it. Every segment gives
    `probabilities`, unless the graph is that of a network without this exit; the first takes the picture, the others
    what is handed on.
    """
    values = {value.name: value for value in onnx.shape_inference.infer_shapes(model).graph.value_info}
    answers = {output.name: output for output in model.graph.output}
    parts, taken = [], model.graph.input[0]
    for name, tensor in [*cuts, ("", None)]:
        given = [values[tensor]] if tensor else []
        answer = [answers[name + "probabilities"]] if name + "probabilities" in answers else []
        piece = _part(model, taken, answer + given)
        _rename(piece, name + "probabilities", "probabilities")
        parts.append(piece)
        taken = given[0] if given else None
    return parts


def _part(model, taken, outputs):
    """What works out `outputs` from `taken`, both given as a graph gives its inputs and outputs."""
    needed, nodes = {output.name for output in outputs}, []
    for node in reversed(model.graph.node):
        if needed.intersection(node.output) and taken.name not in node.output:
            nodes.insert(0, node)
            needed.update(node.input)
    graph = helper.make_graph(
        nodes, model.graph.name, [taken], outputs, [value for value in model.graph.initializer if value.name in needed])
    return helper.make_model(graph, producer_name="heed", ir_version=IR_VERSION, opset_imports=model.opset_import)


def _rename(model, old, new):
    for output in model.graph.output:
        output.name = new if output.name == old else output.name
    for node in model.graph.node:
        node.output[:] = [new if output == old else output for output in node.output]
    onnx.checker.check_model(model)


def description(segment):
    """What a manifest says of the features that a segment hands on."""
    value = segment.graph.output[1]
    types = {TensorProto.FLOAT: "float32", TensorProto.UINT8: "uint8"}
    return {"name": value.name, "type": types[value.type.tensor_type.elem_type],
            "shape": [size.dim_value for size in value.type.tensor_type.shape.dim]}


def _all_layers(network):
    """The network's layers, then those of its exits."""
    return network.layers + [layer for exit in network.exits for layer in exit.layers]


def _steps(low, high):
    """Scale and zero point of 256 steps from `low` to `high`, zero among them."""
    low, high = min(low, 0.0), max(high, 0.0)
    scale = max(high - low, 1e-6) / 255
    return scale, round(-low / scale)


class _Graph:
    def __init__(self, network):
        self.network, self.nodes, self.constants = network, [], {}

    def constant(self, name, value):
        self.constants[name] = np.asarray(value)
        return name

    def node(self, operator, inputs, output, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def dequantize(self, source, name, scale, zero_point, **attributes):
        return self.node("DequantizeLinear", [source, *self.steps(name, scale, zero_point)], name, **attributes)

    def quantized_weights(self, name, weight, bias, input_scale, input_means):
        """Weights as signed bytes and the bias as 32-bit integers in the steps of their products."""
        channels = weight.reshape(len(weight), -1).astype(np.float64)
        # Where a channel's weights are all but zero, the scale follows its bias, which must fit the integers too.
        scales = np.maximum(np.abs(channels).max(axis=1) / 127, np.abs(bias) / (2**30 * input_scale))
        scales = np.maximum(scales, 1e-12).astype(np.float32)
        products = scales * np.float32(input_scale)
        steps = np.rint(channels / scales[:, None])
        # Rounding shifts a channel's mean by its weights' errors times the inputs' means; the bias takes that back
        # (M. Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction", 2019, 4.2).
        errors = (channels - steps * scales[:, None].astype(np.float64)).reshape(*weight.shape[:2], -1).sum(axis=2)
        depthwise = errors.shape[1] == 1
        bias = bias + (errors[:, 0] * input_means if depthwise else errors @ input_means)
        return [
            self.node("DequantizeLinear", [
                self.constant(f"{name}/{part}/steps", values), self.constant(f"{name}/{part}/scale", scale),
                self.constant(f"{name}/{part}/zero_point", np.zeros(len(scale), values.dtype)),
            ], f"{name}/{part}", axis=0)
            for part, values, scale in (
                ("weight", steps.astype(np.int8).reshape(weight.shape), scales),
                ("bias", np.rint(bias / products.astype(np.float64)).astype(np.int32), products))
        ]

    def pixels_first(self):
        return self.node("Transpose", ["image"], "image/planes", perm=[0, 3, 1, 2])

    def convolution(self, layer, source, weight, bias, name):
        before, after = layer.pads
        return self.node(
            "Conv", [source, weight, bias], name, kernel_shape=layer.weight.shape[2:], strides=[layer.stride] * 2,
            pads=[before, before, after, after], group=layer.groups)

    def classifier(self, answer, weight, bias):
        self.node("Gemm", [answer + "features", weight, bias], answer + "logits", transB=1)
        self.node("Softmax", [answer + "logits"], answer + "probabilities", axis=1)

    def model(self, watched=()):
        side, classes = self.network.size, len(self.network.bias)
        outputs = [helper.make_tensor_value_info(answer.name + "probabilities", TensorProto.FLOAT, [1, classes])
                   for answer in self.network.answers]
        outputs += [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * 4) for name in watched]
        graph = helper.make_graph(
            self.nodes, "efficientnet-lite",
            [helper.make_tensor_value_info("image", TensorProto.UINT8, [1, side, side, 3])], outputs,
            [numpy_helper.from_array(value, name) for name, value in self.constants.items()])
        model = helper.make_model(
            graph, producer_name="heed", ir_version=IR_VERSION, opset_imports=[helper.make_opsetid("", OPSET)])
        onnx.checker.check_model(model)
        return model

    def steps(self, name, scale, zero_point):
        return [self.constant(name + "/scale", np.float32(scale)),
                self.constant(name + "/zero_point", np.uint8(zero_point))]
