"""memory with the six recognizers resident, against onnxruntime in Python with the same sessions

heed: a replay of the demo with its default candidates, every recognizer with every thread count.
"""

from ..processes import run_to_end
from ..rows import row

MOST = 300.0


def measure(bench, progress):
    results = bench.scratch / "memory.jsonl"
    ours = run_to_end(bench.replay(bench.demo, "--results", results))
    progress(f"heed: peak {ours.peak_mb:.0f} MB")
    theirs = run_to_end(bench.peer("memory", *bench.bundles))
    raw = {"heed": vars(ours), "python": vars(theirs), "bundles": [bundle.name for bundle in bench.bundles]}
    name = "the same sessions in Python"
    return [
        row(f"memory, {what}, {len(bench.bundles)} recognizers", our, "MB", (name, their), our / their,
            f"≤ {MOST:g} MB", our <= MOST)
        for what, our, their in (
            ("peak", ours.peak_mb, theirs.peak_mb), ("steady", ours.steady_mb, theirs.steady_mb))
    ], raw
