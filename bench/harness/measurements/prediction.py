"""a live replay beside a co-runner, against what its trace predicts

For each environment that stays as it is the recording is replayed in real time beside the same co-runner, for one goal of
each objective; the trace of that environment, with the same goal and the same policy, says beforehand what it will spend
and how often it will err. Wants the traces of `policies`, and records them where they are not there.
"""

import json
import signal
import subprocess
from statistics import mean

from .. import traces
from ..failure import BenchError
from ..rows import row
from ..setup import run

LABELS, CONTENT, FOLDER_IS_OPTIONAL = "labels.tsv", "pictures", True
ENVIRONMENTS = ("idle", "compute", "memory")
RATE, DEADLINE_MS = 30, 25
GOALS = {"energy": {"accuracy": 0.895}, "error": {}}
MOST = 5.0


def measure(bench, progress, pictures=None):
    recording = str(pictures or bench.demo)
    recorded, profile = traces.record(bench, progress, recording)
    rows, raw = [], {}
    for environment in ENVIRONMENTS:
        for objective, bound in GOALS.items():
            predicted = _predicted(bench, recorded[environment], bound)
            lived = _lived(bench, recording, profile, environment, objective, bound)
            raw[f"{environment}, {objective}"] = {"predicted": predicted, "live": lived}
            for figure, unit in (("energy", "J"), ("error", "%")):
                scale = 100 if unit == "%" else 1
                live, told = lived[figure] * scale, predicted[figure] * scale
                off = 100 * abs(live / told - 1) if told else 0.0 if not live else float("inf")
                rows.append(row(
                    f"live beside {environment}, least {objective}: {figure} of a sample", live, unit,
                    ("its trace", told), live / told if told else None, f"within {MOST:g} %", off <= MOST))
                progress(f"{environment}, {objective}: {figure} {live:.4g} {unit}, predicted {told:.4g}")
    return rows, raw


def _predicted(bench, trace, bound):
    goals, output = bench.scratch / "goals.json", bench.scratch / "prediction"
    goals.write_text(json.dumps([{"deadline_ms": DEADLINE_MS, "interval_ms": 1000 / RATE, **bound}]))
    run([bench.heed, "bench", "--trace", str(trace), "--goals", str(goals), "--policies", "alert", "--output",
         str(output)])
    score = json.loads((output / "results.json").read_text())["goals"][0]["scores"]["alert"]
    return {"energy": score["energy"], "error": score["error"], "late": score["late"],
            "favourite": score.get("favourite")}


def _lived(bench, recording, profile, environment, objective, bound):
    results, summary = bench.scratch / "live.jsonl", bench.scratch / "live.json"
    wanted = [f"--{name}={value}" for name, value in bound.items()]
    with _CoRunner(bench, environment):
        run([bench.heed, "replay", recording, "--stream", "frames", "--rate", str(RATE), "--deadline",
             f"{DEADLINE_MS}ms", "--minimize", objective, *wanted, "--profile", str(profile), "--results",
             str(results), "--summary", str(summary)])
    lines = list(map(json.loads, results.read_text().splitlines()))
    told = json.loads(summary.read_text())
    return {"energy": mean(line["energy_j"] for line in lines if "energy_j" in line),
            "error": 1 - told["accuracy"]["in_time"], "outcomes": told["outcomes"], "candidates": told["candidates"]}


class _CoRunner:
    """A `heed stress` that works until the end of the block."""

    def __init__(self, bench, environment):
        self.command = [bench.heed, "stress", environment] if environment != "idle" else None

    def __enter__(self):
        if self.command:
            self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
            if not self.process.stdout.readline():
                raise BenchError(f"{' '.join(self.command)}: ended at once")

    def __exit__(self, *_):
        if self.command:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
