"""from sensor to result less inference, the demo in real time: its frames, its speech, and both at once

The demo's frames are JPEG pictures, as many cameras give them: most of what frames take alone is their decoding. With
both streams, sound is listened to, speech and frames are recognised on the same cores, and whoever waits for one counts
it here. Each figure is the median over the runs.
"""

import json
from statistics import median

from ..rows import row
from ..setup import run

RUNS = 3
MOST = 5.0
KINDS = {"frames alone": ("frames",), "speech alone": ("speech",), "both": ("frames", "speech")}


def measure(bench, progress):
    rows, raw = [], {}
    for kind, streams in KINDS.items():
        summaries = []
        for number in range(RUNS):
            summaries.append(_replay(bench, streams))
            figures = ", ".join(f"{name} {summaries[-1][name]['overhead_ms']['p95']:.2f} ms" for name in streams)
            progress(f"{kind}, run {number + 1} of {RUNS}: p95 {figures}")
        for name in streams:
            runs = [summary[name] for summary in summaries]
            for which in ("p50", "p95"):
                value = median(one["overhead_ms"][which] for one in runs)
                reach = {"reach": f"≤ {MOST:g} ms", "reached": value <= MOST} if which == "p95" else {}
                what = kind if len(streams) == 1 else f"{name} beside {_other(streams, name)}"
                rows.append(row(f"sensor to result less inference, {what}, in real time, {which}", value, "ms", **reach))
            raw[f"{kind}, {name}"] = [
                {key: one[key] for key in ("samples", "outcomes", "latency_ms", "overhead_ms", "scheduler_us",
                                           "candidates")} for one in runs]
    return rows, raw


def _replay(bench, streams):
    path = bench.scratch / "latency.json"
    wanted = [word for name in streams for word in ("--stream", name)]
    run([bench.heed, "replay", bench.demo, *wanted, "--profile", str(bench.profile), "--summary", str(path),
         "--results", str(bench.scratch / "latency.jsonl")])
    summary = json.loads(path.read_text())
    # Of one stream alone the summary is that of the stream.
    return summary.get("streams") or {streams[0]: summary}


def _other(streams, name):
    return next(other for other in streams if other != name)
