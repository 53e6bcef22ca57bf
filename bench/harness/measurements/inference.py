"""one inference, each bundle with 1 and 2 threads, against onnxruntime in Python

Same graph, same version of ONNX Runtime, same threads, neither spins.
"""

from statistics import median

from ..blocks import alternate, median_of_ratios, totals
from ..rows import row

BLOCKS, REPETITIONS = 60, 6
REACH = 1.05


def measure(bench, progress):
    rows, raw = [], {}
    for bundle in bench.bundles:
        for threads in (1, 2):
            ours, theirs = alternate(
                [[bench.heed_bench, "inference", str(bundle), "--threads", str(threads)],
                 bench.peer("inference", bundle, threads)], BLOCKS, REPETITIONS)
            ours, theirs = [[totals(block) for block in blocks] for blocks in (ours, theirs)]
            our_medians, their_medians = [[round(median(block), 4) for block in blocks] for blocks in (ours, theirs)]
            ratio = median_of_ratios(ours, theirs)
            name = f"{bundle.name}, {threads} thread{'s' if threads > 1 else ''}"
            raw[name] = {"heed_ms": our_medians, "python_ms": their_medians, "ratio": round(ratio, 4)}
            rows.append(row(
                f"inference, {name}", median(our_medians), "ms", ("onnxruntime in Python", median(their_medians)),
                ratio, f"≤ {REACH}×", ratio <= REACH))
            progress(f"{name}: {ratio:.3f}×")
    return rows, raw
