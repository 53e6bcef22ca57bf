"""Writes a network as an ONNX graph, in 32-bit floats or in 8-bit integers.

Both take `image` (uint8, [1, side, side, 3], RGB) and give `probabilities` (float32, [1, classes]). Both turn pixels
into what the network expects with one DequantizeLinear, which is exactly (pixel - 127) / 128; in the integer graph it
melts into the first convolution, which then reads the camera's bytes themselves.
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
    for layer in network.layers:
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
    graph.node("GlobalAveragePool", [network.layers[-1].name], "average")
    graph.node("Flatten", ["average"], "features", axis=1)
    graph.classifier(
        graph.constant("classifier/weight", network.weight), graph.constant("classifier/bias", network.bias))
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

    for layer in network.layers:
        if isinstance(layer, Convolution):
            weight, bias = graph.quantized_weights(
                layer.name, layer.weight, layer.bias, scales[layer.source], statistics[layer.source].means)
            through_bytes(graph.convolution(layer, layer.source, weight, bias, layer.name + "/float"), layer.name)
        else:
            through_bytes(graph.node("Add", [layer.left, layer.right], layer.name + "/float"), layer.name)
    values, steps = quantized(graph.node("GlobalAveragePool", [network.layers[-1].name], "average/float"), "average")
    # Flat before they are floats: ONNX Runtime joins the classifier only with a dequantising that is its neighbor.
    graph.node("DequantizeLinear", [graph.node("Flatten", [values], "features/bytes", axis=1), *steps], "features")
    graph.classifier(*graph.quantized_weights(
        "classifier", network.weight, network.bias, scales["average"], statistics["average"].means))
    return graph.model()


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

    def classifier(self, weight, bias):
        self.node("Gemm", ["features", weight, bias], "logits", transB=1)
        self.node("Softmax", ["logits"], "probabilities", axis=1)

    def model(self, watched=()):
        side, classes = self.network.size, len(self.network.bias)
        outputs = [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [1, classes])]
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
