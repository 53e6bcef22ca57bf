"""frames and speech at once: choosing jointly and each as if alone, and one energy budget for both

The demo recording, frames and speech, replayed in turn with `--sharing joint` and `--sharing none`: in real time, the
middle of three runs, and once on the simulated machine, whose times are the profile's and whose cores are shared evenly
(`simulated`). Deadlines are short, so that both contend for the cores. Then in real time with an energy budget between
what the demo draws without one and what it draws when each choice is the cheapest.
"""

import json
from statistics import median

from ..rows import row
from ..setup import run

RUNS = 3
WAYS = ("joint", "none")
# Of frames and of captions, in milliseconds.
DEADLINES = ((15, 150), (30, 300))
# How far beyond its budget the mean power may be at the end of 20 s.
OVERDRAFT = 1.03


def measure(bench, progress):
    rows, raw = [], {}
    for pace, runs in (("realtime", RUNS), ("simulated", 1)):
        for deadlines in DEADLINES:
            figures = {way: [] for way in WAYS}
            for number in range(runs):
                for way in WAYS if number % 2 == 0 else WAYS[::-1]:
                    figures[way].append(_figures(_replay(bench, pace, deadlines, "--sharing", way)))
            kind = f"{pace}, deadlines {deadlines[0]} ms and {deadlines[1]} ms"
            joint, alone = (_middle(figures[way]) for way in WAYS)
            rows += _compared(f"frames and speech at once, {_words(pace)}, {deadlines[0]} and {deadlines[1]} ms",
                              joint, alone)
            raw[kind] = figures
            progress(f"{kind}: frames met {joint['frames_met']:.1f} % ({alone['frames_met']:.1f} % alone), "
                     f"captions {joint['speech_met']:.1f} % ({alone['speech_met']:.1f} %)")
    budget_rows, raw["budget"] = _budget(bench, progress)
    return rows + budget_rows, raw


def _compared(what, joint, alone):
    other = "each as if alone"
    rows = []
    for key, words in (("frames_met", "frames in time"), ("speech_met", "captions in time")):
        rows.append(row(f"{what}: {words}", joint[key], "%", (other, alone[key]), None, "not fewer",
                        joint[key] >= alone[key]))
    for key, words, unit in (("frames_right", "frames right and in time", "%"), ("wer", "word error rate", "%"),
                             ("power", "power", "W")):
        rows.append(row(f"{what}: {words}", joint[key], unit, (other, alone[key])))
    return rows


def _budget(bench, progress):
    deadlines = DEADLINES[-1]
    free = _figures(_replay(bench, "realtime", deadlines))
    least = _figures(_replay(bench, "realtime", deadlines, "--energy-budget", "1mW"))
    rows, raw = [], {"free": free, "least": least, "kept": {}}
    for share in (0.25, 0.5, 0.75):
        budget = round(least["power"] + share * (free["power"] - least["power"]), 3)
        kept = _figures(_replay(bench, "realtime", deadlines, "--energy-budget", f"{budget}W"))
        raw["kept"][f"{budget} W"] = kept
        rows.append(row(
            f"frames and speech under one energy budget, {share:.0%} of what the choices can save: mean power",
            kept["power"], "W", ("the budget", budget), kept["power"] / budget, f"≤ {OVERDRAFT:g}×",
            kept["power"] <= budget * OVERDRAFT))
        rows.append(row("the same: frames right and in time", kept["frames_right"], "%",
                        ("without a budget", free["frames_right"])))
        progress(f"budget {budget:.2f} W: {kept['power']:.2f} W drawn, {kept['priced']} choices ruled by the price")
    return rows, raw


def _replay(bench, pace, deadlines, *options):
    path = bench.scratch / "streams.json"
    frames, captions = deadlines
    run([bench.heed, "replay", bench.demo, "--stream", "frames", "--stream", "speech", "--pace", pace,
         "--deadline", f"{frames}ms", "--caption-deadline", f"{captions}ms", "--profile", str(bench.profile),
         "--summary", str(path), *options])
    return json.loads(path.read_text())


def _figures(summary):
    frames, speech = summary["streams"]["frames"], summary["streams"]["speech"]
    return {
        "frames_met": _met(frames), "speech_met": _met(speech), "frames_right": 100 * frames["accuracy"]["in_time"],
        "wer": 100 * speech["wer"]["value"], "power": summary["energy_j"]["mean_w"],
        "energy_source": summary["energy_j"]["source"], "priced": summary["rules"].get("energy-priced", 0),
        "waited": {name: one.get("waited", 0) for name, one in summary["streams"].items()},
        "beside": {name: one.get("beside", 0) for name, one in summary["streams"].items()},
        "frames_p95_ms": frames["latency_ms"]["p95"], "speech_p95_ms": speech["latency_ms"]["p95"],
        "candidates": {name: one["candidates"] for name, one in summary["streams"].items()},
    }


def _met(stream):
    return 100 * stream["outcomes"]["met"] / stream["samples"]


def _middle(figures):
    return {key: median(one[key] for one in figures) for key, value in figures[0].items()
            if isinstance(value, (int, float))}


def _words(pace):
    return "in real time" if pace == "realtime" else "simulated"
