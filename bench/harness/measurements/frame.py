"""everything but inference for one frame, against OpenCV + onnxruntime in Python

heed: the product's own pipeline, from the frame in memory to the line in the results file: choice, conversion, top
five, reason, JSON. Python: what bench/peers/frame.py says. Both run the same graph in between, and leave it out.
"""

from statistics import median

from .. import pictures
from ..blocks import alternate, median_of_ratios, percentile, totals
from ..rows import row

RECOGNIZERS = ("efficientnet-lite0-fp32", "efficientnet-lite2-fp32")
# OpenCV's documentation advises INTER_AREA for making pictures smaller; INTER_CUBIC is quicker and leaves moiré, since
# it looks at 4×4 pixels however many a new one covers. heed's conversion looks at all, as Pillow's does.
SAME_WORK = "INTER_AREA"
INTERPOLATIONS = (SAME_WORK, "INTER_CUBIC")
BLOCKS, FRAMES = 40, pictures.COUNT
LONGEST_MEDIAN, LONGEST_P99, LEAST_RATIO = 0.4, 1.0, 5.0


def measure(bench, progress):
    recording, frames = pictures.yuyv(bench)
    rows, raw = [], {}
    for name in RECOGNIZERS:
        ours, *theirs = alternate(
            [[bench.heed_bench, "frame", name, recording, str(bench.scratch / "heed.jsonl")],
             *(bench.peer("frame", bench.bundle(name), frames, bench.scratch / "python.jsonl", interpolation)
               for interpolation in INTERPOLATIONS)],
            BLOCKS, FRAMES)
        conversion = [block.pop("conversion") for block in ours]
        heed = raw[f"{name}, heed"] = _figures(ours) | {"conversion_alone_ms": median(sum(conversion, []))}
        what = f"all but inference for one frame, {name}"
        for which, longest in (("median", LONGEST_MEDIAN), ("p99", LONGEST_P99)):
            time = heed[f"{which}_ms"]
            rows.append(row(f"{what}, {which}", time, "ms", reach=f"≤ {longest:g} ms", reached=time <= longest))
        for interpolation, blocks in zip(INTERPOLATIONS, theirs):
            loop = raw[f"{name}, loop, {interpolation}"] = _figures(blocks) | {
                "ratio": _ratio(ours, blocks),
                "ratio_without_normalising_and_soft_max": _ratio(ours, [_bare(block) for block in blocks])}
            reach = {}
            if interpolation == SAME_WORK:
                reach = {"reach": f"≥ {LEAST_RATIO:g}× less", "reached": 1 / loop["ratio"] >= LEAST_RATIO}
            rows.append(row(
                f"{what}, against a loop with {interpolation}", heed["median_ms"], "ms",
                ("OpenCV, NumPy and json", loop["median_ms"]), loop["ratio"], **reach))
        progress(f"{name}: {1 / raw[f'{name}, loop, {SAME_WORK}']['ratio']:.2f} times less than with {SAME_WORK}")
    return rows, raw


def _figures(blocks):
    times = sum(map(totals, blocks), [])
    return {
        "median_ms": median(times),
        "p99_ms": percentile(times, 0.99),
        "pieces_ms": {piece: round(median(sum((block[piece] for block in blocks), [])), 4) for piece in blocks[0]},
        "blocks_ms": [round(median(totals(block)), 4) for block in blocks],
    }


def _ratio(ours, theirs):
    return median_of_ratios(*([totals(block) for block in blocks] for blocks in (ours, theirs)))


def _bare(block):
    """What is left to the loop when the graph holds the rest, as the graphs of heed's bundles do."""
    return {piece: times for piece, times in block.items() if piece not in ("normalise", "soft-max")}
