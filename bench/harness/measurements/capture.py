"""from a driver's full buffer to the recogniser's tensor, live at 30 frames/s, against OpenCV and a queue in Python

Both sides have a driver of their own that copies pictures into a few buffers, 30 a second, and makes each known through
a pipe. heed: the camera's capture thread, mailbox, feeding thread, gate, lane, choice, conversion. Python: what
bench/peers/capture.py says. Both then run the same graph, and leave it out. The capture thread's use of the processor is
taken along the way.
"""

from statistics import median

from .. import pictures
from ..blocks import alternate, median_of_ratios, percentile
from ..rows import row

RECOGNIZERS = ("efficientnet-lite0-fp32", "efficientnet-lite2-fp32")
INTERPOLATION = "INTER_AREA"
RATE = 30
BLOCKS, SECONDS = 7, 5
LONGEST_MEDIAN, MOST = 0.4, 3.0


def measure(bench, progress):
    _, frames = pictures.yuyv(bench)
    rows, raw = [], {}
    for name in RECOGNIZERS:
        ours, theirs = alternate(
            [[bench.heed_bench, "capture", name, str(frames), str(bench.scratch / "heed.jsonl"), "--rate", str(RATE)],
             bench.peer("capture", bench.bundle(name), frames, INTERPOLATION, RATE)],
            BLOCKS, SECONDS * RATE)
        heed = raw[f"{name}, heed"] = _figures(ours)
        peer = raw[f"{name}, loop"] = _figures(theirs)
        thread = [100 * block["thread"][0] / block["wall"][0] for block in ours]
        heed |= {"capture_thread_percent": thread}
        ratio = median_of_ratios(_times(ours), _times(theirs))
        peer |= {"ratio": ratio, "ratio_without_normalising": median_of_ratios(_times(ours), _times(theirs, "tensor"))}
        what = f"live frame, buffer full to tensor, {name}"
        for which in ("p95", "p99"):
            rows.append(row(f"{what}, {which}", heed[which], "ms", ("OpenCV, NumPy and a queue", peer[which])))
        rows.insert(-2, row(
            f"{what}, median", heed["p50"], "ms", ("OpenCV, NumPy and a queue", peer["p50"]), ratio,
            f"≤ {LONGEST_MEDIAN:g} ms", heed["p50"] <= LONGEST_MEDIAN))
        progress(f"{name}: {heed['p50']:.3f} ms against {peer['p50']:.3f} ms")
    share = median(sum((raw[f"{name}, heed"]["capture_thread_percent"] for name in RECOGNIZERS), []))
    rows.append(row(
        f"camera's capture thread at {RATE} frames/s", share, "% of a core", reach=f"≤ {MOST:g} %",
        reached=share <= MOST))
    return rows, raw


def _times(blocks, piece="all"):
    return [block[piece] for block in blocks]


def _figures(blocks):
    times = sum(_times(blocks), [])
    pieces = [piece for piece in blocks[0] if piece not in ("all", "thread", "wall")]
    return {
        "frames": len(times),
        "p50": median(times), "p95": percentile(times, 0.95), "p99": percentile(times, 0.99),
        "pieces_ms": {piece: round(median(sum(_times(blocks, piece), [])), 4) for piece in pieces},
        "blocks_ms": [round(median(block["all"]), 4) for block in blocks],
    }
