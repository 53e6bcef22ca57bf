"""What the peers share: measuring when told to, as Blocks.swift does on heed's side, and sessions that do not spin."""

import json
from pathlib import Path

import onnxruntime

import lines


def serve(block):
    """Answers each number of repetitions on standard input with the nanoseconds they took, piece by piece."""
    lines.serve(lambda line: block(int(line)))


def session(bundle, threads):
    """A session that runs the bundle's one graph as heed does."""
    return graph_session(str(Path(bundle) / "model.onnx"), threads)


def graph_session(graph, threads):
    """A session that runs a graph, a file or its bytes, as heed does."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def manifest(bundle):
    return json.loads((Path(bundle) / "model.json").read_text())
