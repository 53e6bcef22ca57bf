"""one choice among 64 candidates, and what it allocates"""

import json
from statistics import median

from ..blocks import percentile
from ..failure import BenchError
from ..rows import row
from ..setup import run

RUNS = 5
LONGEST = 1.0


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
    rows.append(row(
        f"scheduler, heap allocations in {choices} choices and observations", allocations, "", reach="0",
        reached=allocations == 0))
    return rows, raw
