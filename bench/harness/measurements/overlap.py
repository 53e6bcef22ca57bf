"""what it would gain to convert the next frame while the last one is inferred, which heed does not do"""

from statistics import median

from .. import pictures
from ..blocks import alternate
from ..rows import row

RECOGNIZER = "efficientnet-lite0-fp32"
BLOCKS, FRAMES = 30, 20


def measure(bench, progress):
    recordings = {"640×480 YUYV": pictures.yuyv(bench)[0], "the demo's JPEG": bench.demo}
    rows, raw = [], {}
    for name, recording in recordings.items():
        for threads in (1, 2):
            blocks, = alternate(
                [[bench.heed_bench, "overlap", RECOGNIZER, str(recording), "--threads", str(threads)]], BLOCKS, FRAMES)
            after, beside = [[median(block[piece]) for block in blocks] for piece in ("after", "beside")]
            ratio = median(one / other for one, other in zip(beside, after))
            raw[f"{name}, {threads}"] = {"after_ms": after, "beside_ms": beside}
            rows.append(row(
                f"a frame back to back, {RECOGNIZER}, {threads} thread{'s' if threads > 1 else ''}, {name}, converted "
                "beside the last one's inference", median(beside), "ms", ("converted before", median(after)), ratio))
            progress(f"{name}, {threads} threads: {ratio:.3f}×")
    return rows, raw
