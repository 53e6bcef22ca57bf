"""Answering lines on standard input, as Lines.swift does on heed's side."""

import json
import sys


def serve(answer):
    """Answers each line of standard input with a line of JSON, once what comes before is loaded."""
    print(json.dumps({"ready": []}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(line.rstrip("\n"))), flush=True)
