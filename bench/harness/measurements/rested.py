"""one inference with two threads, 33 ms after the last one, against onnxruntime in Python

As frames of a camera come: what runs has slept, and so have the cores. Same graph, same version of ONNX Runtime, same
threads, neither spins.
"""

from statistics import median

from ..blocks import alternate, median_of_ratios, totals
from ..rows import row

REST_MS, THREADS = 33, 2
BLOCKS, REPETITIONS = 20, 10


def measure(bench, progress):
    rows, raw = [], {}
    for bundle in bench.bundles:
        ours, theirs = alternate(
            [[bench.heed_bench, "inference", str(bundle), "--threads", str(THREADS), "--rest", str(REST_MS)],
             bench.peer("inference", bundle, THREADS, REST_MS)], BLOCKS, REPETITIONS)
        ours, theirs = [[totals(block) for block in blocks] for blocks in (ours, theirs)]
        our_medians, their_medians = [[round(median(block), 4) for block in blocks] for blocks in (ours, theirs)]
        ratio = median_of_ratios(ours, theirs)
        raw[bundle.name] = {"heed_ms": our_medians, "python_ms": their_medians, "ratio": round(ratio, 4)}
        rows.append(row(
            f"inference {REST_MS} ms after the last, {bundle.name}, {THREADS} threads", median(our_medians), "ms",
            ("onnxruntime in Python", median(their_medians)), ratio))
        progress(f"{bundle.name}: {ratio:.3f}×")
    return rows, raw
