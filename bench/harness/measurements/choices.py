"""which recognizer is chosen under which deadline, for the plot

The demo as fast as the machine allows, so that nothing but the deadline moves the choice.
"""

import json
from collections import Counter

from ..setup import run

DEADLINES = (5, 7, 10, 13, 16, 20, 25, 30, 40)


def measure(bench, progress):
    path = bench.scratch / "choices.json"
    shares = {}
    for deadline in DEADLINES:
        run(bench.replay(bench.demo, "--pace", "fast", "--deadline", f"{deadline}ms", "--summary", path))
        summary = json.loads(path.read_text())
        chosen = Counter()
        for candidate, count in summary["candidates"].items():
            chosen[candidate.split("@")[0]] += count
        shares[deadline] = {
            **{name: count / summary["samples"] for name, count in sorted(chosen.items())},
            "none": summary["outcomes"]["expired"] / summary["samples"],
        }
        progress(f"{deadline} ms: mostly {chosen.most_common(1)[0][0] if chosen else 'nobody'}")
    candidates = [
        {"recognizer": entry["candidate"]["recognizer"], "threads": entry["candidate"]["setting"]["threads"],
         "median_ms": entry["time"]["median_ms"], "top1": entry["accuracy"]}
        for entry in json.loads(bench.profile.read_text())["candidates"]
    ]
    return [], {"candidates": candidates, "shares": shares}
