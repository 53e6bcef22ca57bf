"""from sensor to result less inference, the demo in real time

The demo's frames are JPEG pictures, as many cameras give them: most of this is their decoding.
"""

import json

from ..rows import row
from ..setup import run


def measure(bench, progress):
    path = bench.scratch / "overhead.json"
    run(bench.replay(bench.demo, "--results", bench.scratch / "overhead.jsonl", "--summary", path))
    summary = json.loads(path.read_text())
    raw = {key: summary[key] for key in ("samples", "outcomes", "latency_ms", "overhead_ms", "scheduler_us")}
    return [
        row(f"sensor to result less inference, JPEG frames in real time, {name}", summary["overhead_ms"][name], "ms")
        for name in ("p50", "p95")
    ], raw
