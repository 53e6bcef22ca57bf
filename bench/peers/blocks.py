"""What the peers share: measuring when told to, as Blocks.swift does on heed's side, and sessions that do not spin."""

import json
import sys
from pathlib import Path

import onnxruntime


def serve(block):
    """Answers each number of repetitions on standard input with the nanoseconds they took, piece by piece."""
    print(json.dumps({"ready": []}), flush=True)
    for line in sys.stdin:
        print(json.dumps(block(int(line))), flush=True)


def session(bundle, threads):
    """A session that runs the bundle's graph as heed does."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(Path(bundle) / "model.onnx"), options, providers=["CPUExecutionProvider"])


def manifest(bundle):
    return json.loads((Path(bundle) / "model.json").read_text())
