"""Writes an ONNX graph node by node, each weight in the precision asked for.

A matrix is written in one of three ways: `fp32` as floats (stored in 16 bits where that loses nothing, since the
weights came in 16 bits), `int8` with 8-bit weights, one scale a column, and activations quantised as they come, and
`blocks8` with 8-bit weights, one scale for each 64 of a column, and activations quantised by MatMulNBits.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20
IR_VERSION = 9
BLOCK = 64
SMALL = 4096


class Writer:
    def __init__(self, name):
        self.name, self.nodes, self.constants, self.inputs, self.outputs = name, [], {}, [], []
        self.uses_microsoft = False

    def input(self, name, kind, shape):
        self.inputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def output(self, name, kind, shape):
        self.outputs.append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def node(self, operator, inputs, output=None, **attributes):
        """Adds a node and gives its one output's name, made up where it is not given."""
        output = output or f"{operator}_{len(self.nodes)}"
        name = f"{len(self.nodes)}_{operator}"
        self.nodes.append(helper.make_node(operator, inputs, [output], name=name, **attributes))
        return output

    def split(self, source, names, axis):
        """Cuts `source` into equal parts along `axis`."""
        self.nodes.append(helper.make_node(
            "Split", [source], names, name=f"{len(self.nodes)}_Split", axis=axis, num_outputs=len(names)))
        return names

    def constant(self, name, value):
        value = np.asarray(value)
        known = self.constants.setdefault(name, value)
        assert known is value or np.array_equal(known, value), f"two constants are called {name}"
        return name

    def integers(self, *values):
        return self.constant("/".join(map(str, values)), np.array(values, np.int64))

    def weight(self, name, value):
        """Floats, stored in 16 bits where that loses nothing; ONNX Runtime widens them when it loads the graph."""
        value = np.ascontiguousarray(value, np.float32)
        half = self.half(name, value)
        if half is None:
            return self.constant(name, value)
        if not any(name in node.output for node in self.nodes):
            self.node("Cast", [half], name, to=TensorProto.FLOAT)
        return name

    def half(self, name, value):
        """The same in 16 bits, as they are; None for values that need more, and for the few of a small tensor."""
        half = value.astype(np.float16)
        if value.size < SMALL or not np.array_equal(half.astype(np.float32), value):
            return None
        return self.constant(name + "/half", half)

    def linear(self, source, name, matrix, bias=None, way="fp32", output=None):
        """`source` times `matrix` ([inputs, outputs]) plus `bias`."""
        last = output if bias is None else None
        if way == "int8":
            scales = np.maximum(np.abs(matrix).max(axis=0) / 127, 1e-12).astype(np.float32)
            steps = np.rint(matrix / scales).astype(np.int8)
            return self.integer_product(source, name, steps, scales, np.zeros(len(scales), np.int8), bias, output)
        if way == "blocks8":
            product = self.block_product(source, name, matrix, last)
        else:
            product = self.node("MatMul", [source, self.weight(name + "/weight", matrix)], last)
        return product if bias is None else self.node("Add", [product, self.weight(name + "/bias", bias)], output)

    def integer_product(self, source, name, steps, scales, zero_points, bias=None, output=None):
        """`source`, quantised as it comes, times 8-bit `steps` with a scale and a zero point for each column."""
        quantized, scale, zero = (f"{source}/{part}" for part in ("bytes", "scale", "zero_point"))
        if not any(quantized in node.output for node in self.nodes):
            self.nodes.append(helper.make_node(
                "DynamicQuantizeLinear", [source], [quantized, scale, zero], name=quantized))
        sums = self.node("MatMulInteger", [
            quantized, self.constant(name + "/steps", steps), zero, self.constant(name + "/zero_points", zero_points)])
        factor = self.node("Mul", [scale, self.constant(name + "/scales", scales)])
        sums = self.node("Cast", [sums], to=TensorProto.FLOAT)
        if bias is None:
            return self.node("Mul", [sums, factor], output)
        return self.node("Add", [self.node("Mul", [sums, factor]), self.weight(name + "/bias", bias)], output)

    def block_product(self, source, name, matrix, output=None):
        self.uses_microsoft = True
        inputs, outputs = matrix.shape
        assert inputs % BLOCK == 0, f"{name}: {inputs} rows are not a multiple of {BLOCK}"
        blocks = matrix.T.reshape(outputs, inputs // BLOCK, BLOCK)
        scales = np.maximum(np.abs(blocks).max(axis=2) / 127, 1e-12).astype(np.float32)
        steps = (np.rint(blocks / scales[..., None]) + 128).astype(np.uint8)  # 128 stands for zero
        return self.node(
            "MatMulNBits",
            [source, self.constant(name + "/steps", steps), self.constant(name + "/scales", scales.reshape(-1))],
            output, domain="com.microsoft", K=inputs, N=outputs, bits=8, block_size=BLOCK, accuracy_level=4)

    def save(self, path):
        opsets = [helper.make_opsetid("", OPSET)]
        if self.uses_microsoft:
            opsets.append(helper.make_opsetid("com.microsoft", 1))
        graph = helper.make_graph(
            self.nodes, self.name, self.inputs, self.outputs,
            [numpy_helper.from_array(value, name) for name, value in self.constants.items()])
        model = helper.make_model(graph, producer_name="heed", ir_version=IR_VERSION, opset_imports=opsets)
        onnx.checker.check_model(model)
        onnx.save(model, path)
