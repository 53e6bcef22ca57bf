"""from start to first result, against an OpenCV + onnxruntime loop with one recognizer"""

from statistics import median

from ..processes import seconds_to_first_line
from ..rows import row

STARTS = 10
LONGEST = 1.0


def measure(bench, progress):
    ours, theirs = [], []
    results = bench.scratch / "start.jsonl"
    for number in range(-1, STARTS):
        our = seconds_to_first_line(bench.replay(bench.demo, "--results", results), results)
        their = seconds_to_first_line(
            bench.peer("replay", bench.bundle("efficientnet-lite0-fp32"), bench.demo, results), results)
        if number < 0:
            continue  # It put everything into the page cache.
        ours.append(our)
        theirs.append(their)
    progress(f"{STARTS} starts each")
    middle, peer = median(ours), median(theirs)
    raw = {"heed_s": [round(time, 4) for time in ours], "python_s": [round(time, 4) for time in theirs]}
    return [row(
        f"start to first result, {len(bench.bundles)} recognizers", middle, "s",
        ("OpenCV + onnxruntime loop, one recognizer", peer), median(a / b for a, b in zip(ours, theirs)),
        f"≤ {LONGEST:g} s", middle <= LONGEST)], raw
