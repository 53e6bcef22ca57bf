"""processor use at 30 frames/s, against an OpenCV + onnxruntime loop

The whole process, start and end included: user and system time over wall time. The loop leaves ONNX Runtime's options
as they are, as most loops do: its threads spin while they wait.
"""

from statistics import median

from ..processes import run_to_end
from ..rows import row

RUNS = 3
MOST = 40.0
RECOGNIZER = "efficientnet-lite0-fp32"


def measure(bench, progress):
    ours, theirs = [], []
    results = bench.scratch / "processor.jsonl"
    for number in range(RUNS):
        ours.append(run_to_end(bench.replay(
            bench.demo, "--rate", 30, "--recognizer", RECOGNIZER, "--threads", 1, "--results", results)))
        theirs.append(run_to_end(bench.peer("replay", bench.bundle(RECOGNIZER), bench.demo, results)))
        progress(f"run {number + 1} of {RUNS}: {100 * ours[-1].share:.1f} % against {100 * theirs[-1].share:.1f} %")
    our_share, their_share = [100 * median(usage.share for usage in usages) for usages in (ours, theirs)]
    ratio = median(our.share / their.share for our, their in zip(ours, theirs))
    raw = {"heed": [vars(usage) for usage in ours], "python": [vars(usage) for usage in theirs]}
    return [row(
        "processor use at 30 frames/s, lite0 fp32", our_share, "% of a core",
        ("OpenCV + onnxruntime loop", their_share), ratio, f"≤ {MOST:g} %", our_share <= MOST)], raw
