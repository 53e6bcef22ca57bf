"""The model bundles: `model.json`, the graph and the class names of one recogniser in one folder."""

import hashlib
import io
import json

from . import places
from .environment import open_wheel
from .failure import BuildError
from .sealed import is_intact, replacing_folder, write_seal

MANIFEST = places.ASSETS / "models.json"
FILES = ["model.onnx", "labels.txt"]
PRECISIONS = ["fp32", "int8"]


class Bundle:
    """One recogniser: a network of the manifest in one precision."""

    def __init__(self, manifest, network, precision, level):
        self.network, self.precision = network, precision
        self.name = f"{network['family']}-{precision}"
        self.folder = places.data() / "models" / self.name
        self.description = self._describe(manifest, level)

    def _describe(self, manifest, level):
        network, size = self.network, self.network["size"]
        accuracy = network["accuracy"][self.precision]
        return {
            "format": "heed-model/1",
            "name": self.name,
            "kind": "classifier",
            "task": "image-classification",
            "family": network["family"],
            "precision": self.precision,
            "graph": "model.onnx",
            "input": {
                "name": "image", "type": "uint8", "layout": "NHWC", "shape": [1, size, size, 3], "color": "RGB",
                "crop": {"rule": "center", "margin": manifest["margin"]},
            },
            "output": {"name": "probabilities", "type": "float32", "shape": [1, 1000]},
            "labels": "labels.txt",
            "classes": 1000,
            "accuracy": {
                "top1": accuracy["top1"], "top5": accuracy["top5"],
                "samples": manifest["samples"], "measured": manifest["measured"],
                "expected": round(accuracy["published"] + level, 3), "expectation": manifest["expectation"],
            },
            "license": manifest["license"],
            "origin": {key: network[key] for key in ("package", "version", "file", "sha256")},
            "recipe": manifest["recipe"],
        }

    def is_in_place(self):
        return is_intact(self.folder / "model.json", self.description, FILES)

    def build(self, progress):
        from . import labels
        import onnx

        graph = self.graph(self.read(), progress)
        with replacing_folder(self.folder) as folder:
            onnx.save(graph, folder / "model.onnx")
            (folder / "labels.txt").write_text("".join(name + "\n" for name in labels.names()))
            write_seal(folder / "model.json", self.description, FILES)

    # These need the environment, which `is_in_place` must do without.

    def read(self):
        """The network with its weights."""
        from . import efficientnet, pth

        return efficientnet.network(pth.read_tensors(self._weights()), self.network["size"])

    def graph(self, network, progress):
        """The network as a graph in this bundle's precision."""
        from . import calibration, graphs

        if self.precision == "fp32":
            return graphs.float_graph(network)
        progress(f"calibrating on {calibration.VIEWS} views of free pictures …")
        statistics = calibration.statistics(network)
        progress("quantising …")
        return graphs.integer_graph(network, statistics)

    def segments(self, graph, network):
        """The graph of a network, with its exits or without, in segments that end behind the exits' blocks."""
        from . import graphs

        suffix = "" if self.precision == "fp32" else "/bytes"
        cuts = [(exit.name, exit.layers[0].source + suffix) for exit in network.exits]
        return graphs.segments(graph, cuts)

    def _weights(self):
        with open_wheel(self.network["package"]) as wheel:
            content = wheel.read(self.network["file"])
        if hashlib.sha256(content).hexdigest() != self.network["sha256"]:
            raise BuildError(f"{self.network['file']} in {wheel.filename}: its SHA-256 is not the one in {MANIFEST}; "
                             "delete the wheel and build again")
        return io.BytesIO(content)


def all_bundles():
    manifest = json.loads(MANIFEST.read_text())
    accuracies = [network["accuracy"][precision] for network in manifest["networks"] for precision in PRECISIONS]
    # How much better the networks do on our pictures than on ImageNet's validation set.
    level = sum(accuracy["top1"] - accuracy["published"] for accuracy in accuracies) / len(accuracies)
    return [Bundle(manifest, network, precision, level)
            for network in manifest["networks"] for precision in PRECISIONS]
