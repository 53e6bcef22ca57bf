"""one choice among 64 candidates and what it allocates, and how fast a trace is replayed on one core

A step of a replay decides, looks up what becomes of the choice, and observes that. The default policy replays a trace in
turns with itself without heed's ideas (alert-plain), which is what these cost.
"""

import json
from statistics import median

from ..blocks import percentile
from ..failure import BenchError
from ..rows import row
from ..setup import run

RUNS = 5
LONGEST = 2.0
SLOWEST = 0.5
OURS, PLAIN = "alert", "alert-plain"


def measure(bench, progress):
    reports = [json.loads(run([bench.heed_bench, "scheduler", "--candidates", "64"])) for _ in range(RUNS)]
    if any(report["allocationsOfAnArray"] < 1 for report in reports):
        raise BenchError("heed-bench scheduler: it counts no allocation where there is one; see CAllocationCount")
    allocations = max(report["allocations"] for report in reports)
    choices = sum(len(times) for times in reports[0]["decide"].values())
    rows, raw = [], {"clock_us": median(reports[0]["clock"]) / 1e3, "allocations": allocations, "choices": choices}
    for goal in sorted(reports[0]["decide"]):
        medians = [median(report["decide"][goal]) / 1e3 for report in reports]
        raw[goal] = {"median_us": medians, "p99_us": [percentile(r["decide"][goal], 0.99) / 1e3 for r in reports]}
        middle = median(medians)
        rows.append(row(
            f"scheduler, 64 candidates, least {goal}, median", middle, "µs", reach=f"≤ {LONGEST:g} µs",
            reached=middle <= LONGEST))
    for goal in sorted(reports[0]["replay"]):
        # Steps in nanoseconds, one median for each run; a million a second is 1000 ns each.
        steps = {name: [median(report["replay"][goal][name]) for report in reports] for name in (OURS, PLAIN)}
        raw[goal]["replay_ns"] = steps
        ours, plain = (1e3 / median(steps[name]) for name in (OURS, PLAIN))
        rows.append(row(
            f"scheduler, replay of a trace, 64 candidates, least {goal}, one core", ours, "million choices/s",
            (PLAIN, plain), ours / plain, f"≥ {SLOWEST:g} million/s", ours >= SLOWEST))
    rows.append(row(
        f"scheduler, heap allocations in {choices} choices and observations", allocations, "", reach="0",
        reached=allocations == 0))
    return rows, raw
