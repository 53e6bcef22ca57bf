"""one reading of the energy meters, and what it allocates"""

import json
import os
import tempfile
from statistics import median

from ..blocks import percentile
from ..rows import row
from ..setup import run

RUNS = 5
LONGEST = 50.0
ZONES = {"intel-rapl:0": "package-0", "intel-rapl:0:0": "dram", "intel-rapl:1": "package-1", "intel-rapl:1:0": "dram"}


def measure(bench, progress):
    with tempfile.TemporaryDirectory() as copy:
        for zone, name in ZONES.items():
            folder = os.path.join(copy, "sys/class/powercap", zone)
            os.makedirs(folder)
            for file, text in {"name": name, "energy_uj": "123456789", "max_energy_range_uj": "262143328850"}.items():
                with open(os.path.join(folder, file), "w") as kernel:
                    kernel.write(text + "\n")
        reports = {
            "this machine's own": [json.loads(run([bench.heed_bench, "meters"])) for _ in range(RUNS)],
            "two packages and their memory, as files": [
                json.loads(run([bench.heed_bench, "meters", "--root", copy])) for _ in range(RUNS)],
        }
    rows, raw = [], {}
    for name, runs in reports.items():
        sources = runs[0]["sources"]
        middle = median(median(report["times"]) for report in runs) / 1e3
        late = median(percentile(report["times"], 0.99) for report in runs) / 1e3
        allocations = max(report["allocations"] for report in runs)
        raw[name] = {"sources": sources, "median_us": middle, "p99_us": late, "allocations": allocations}
        for what, value in (("median", middle), ("p99", late)):
            rows.append(row(
                f"reading energy meters, {name} ({sources}), {what}", value, "µs", reach=f"≤ {LONGEST:g} µs",
                reached=value <= LONGEST))
        rows.append(row(
            f"reading energy meters, {name} ({sources}), heap allocations in {len(runs[0]['times'])} readings",
            allocations, "", reach="0", reached=allocations == 0))
    return rows, raw
