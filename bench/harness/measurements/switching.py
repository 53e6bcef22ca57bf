"""frames with and without switches of the recogniser: between resident ones, and to one loaded in the background

The same frames in real time, four runs in turn: each of two recognisers alone, both in turn (a switch every frame), and
the first until the second, loaded meanwhile, is ready. What frames take without switches is that of the same recogniser
alone.
"""

from statistics import median

from ..blocks import Worker, percentile
from ..rows import row

FIRST, SECOND = "efficientnet-lite0-fp32", "efficientnet-lite1-fp32"
ALONE, SWITCHING = ("first", "second"), {"pair": "a switch every frame", "background": "loading in the background"}
BLOCKS, FRAMES, RATE = 8, 200, 60
MOST = 1.05
PIECES = {"road": "sensor to result less inference", "inference": "inference"}


def measure(bench, progress):
    modes = [*ALONE, *SWITCHING]
    frames = {mode: [] for mode in modes}
    command = [bench.heed_bench, "switching", FIRST, SECOND, bench.demo, str(bench.scratch / "switching.jsonl"),
               "--rate", str(RATE)]
    with Worker(command) as worker:
        worker.ask(f"pair {FRAMES}")  # To warm up.
        for turn in range(BLOCKS):
            for mode in modes:
                block = worker.ask(f"{mode} {FRAMES}")
                frames[mode] += [
                    {"recognizer": name.partition("@")[0], "road": road / 1e6, "inference": inference / 1e6}
                    for name, road, inference in zip(block["recognizer"], block["road"], block["inference"])]
            modes.append(modes.pop(0))
            progress(f"turn {turn + 1} of {BLOCKS}")
    alone = frames["first"] + frames["second"]
    rows, raw = [], {"alone": _figures(alone)}
    for mode, what in SWITCHING.items():
        raw[mode] = _figures(frames[mode])
        for piece, words in PIECES.items():
            # Each recogniser's frames beside its own without a switch: the slower one may answer more of them.
            for name in (FIRST, SECOND):
                ours, theirs = [[frame[piece] for frame in some if frame["recognizer"] == name]
                                for some in (frames[mode], alone)]
                if not ours:
                    continue
                ratio = percentile(ours, 0.99) / percentile(theirs, 0.99)
                rows.append(row(
                    f"{words}, {name}, {what}, p99", percentile(ours, 0.99), "ms",
                    ("without a switch", percentile(theirs, 0.99)), ratio, f"≤ {MOST:g}×", ratio <= MOST))
    return rows, raw


def _figures(frames):
    names = sorted({frame["recognizer"] for frame in frames})
    return {name: {piece: _times([frame[piece] for frame in frames if frame["recognizer"] == name])
                   for piece in PIECES} for name in names}


def _times(times):
    return {"frames": len(times), "median_ms": median(times), "p95_ms": percentile(times, 0.95),
            "p99_ms": percentile(times, 0.99), "largest_ms": max(times)}
