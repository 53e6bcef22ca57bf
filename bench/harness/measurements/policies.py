"""every policy and the oracles, on traces of this machine's recognizers and on the simulated platform

Traces are recorded in four environments: idle, beside a co-runner that computes, beside one that streams memory, and
beside co-runners that come and go; from a folder of labelled pictures where one is named, else from the demo. They stay
in out/traces, and one that was begun is gone on with. The report, the plots and the tables go to results/policies/.
"""

import json
import shutil

from .. import traces
from ..policies import OBJECTIVES, Results, harmonic_mean, overview, tables
from ..rows import row
from ..setup import BENCH, ROOT, run

LABELS, CONTENT, FOLDER_IS_OPTIONAL = "labels.tsv", "pictures", True
RESULTS = BENCH / "results" / "policies"
OURS, PAPER, RIVALS = "alert", "alert-paper", ("app-only", "sys-only")
# What could be had: by who knows each moment, but not the sample, and by who knows all.
MOMENT, ORACLE = "oracle-moment", "oracle"
POLICIES = "all,alert-plain"
IDEAS = "alert,ablations"
# The platform's name, and how near the oracle's energy and error to come.
REACH = {"measured": {"energy": 1.03, "error": 1.02}, "simulated": {"energy": 1.02, "error": 1.01}}
LESS = {"energy": 0.87, "error": 0.73}
KEPT = (0.93, 0.97)


def measure(bench, progress, pictures=None):
    recorded, _ = traces.record(bench, progress, str(pictures or bench.demo))
    sources = {
        "measured": [word for path in recorded.values() for word in ("--trace", str(path))],
        "simulated": ["--simulated"],
    }
    shutil.rmtree(RESULTS, ignore_errors=True)
    rows, raw, ideas = [], {}, {}
    for platform, source in sources.items():
        progress(f"playing {platform}")
        output = ROOT / "out" / "policies" / platform
        results = _played(bench, source, POLICIES, output)
        _keep(output, RESULTS / platform, results)
        rows += _rows(platform, results)
        raw[platform] = _figures(results)
        ideas[platform] = _figures(_played(bench, source, IDEAS, ROOT / "out" / "policies" / f"{platform}-ideas"))
    (RESULTS / "ideas.md").write_text(overview(ideas))
    return rows, raw


def _played(bench, source, policies, output):
    run([bench.heed, "bench", *source, "--policies", policies, "--output", str(output)])
    return Results(json.loads((output / "results.json").read_text()))


def _figures(results):
    return {
        **{key: results.document[key] for key in ("environments", "summaries")},
        "kept": {name: results.kept(name) for name in results.document["policies"]}}


def _keep(output, folder, results):
    """What a reader wants: the report, its plots, and the tables; every single figure stays in out/policies."""
    folder.mkdir(parents=True)
    for path in [output / "report.html", *output.glob("*.svg")]:
        shutil.copy(path, folder)
    (folder / "table.md").write_text(tables(results.document["summaries"], results.kept))


def _rows(platform, results):
    rows = []
    for objective, words in OBJECTIVES.items():
        ours = results.summary(OURS, objective)
        most, where = REACH[platform][objective], f"{platform}, {words}"
        rows.append(row(
            f"{where}: {objective} over the oracle's", ours["toOracle"], "×",
            (MOMENT, results.summary(MOMENT, objective)["toOracle"]), None, f"≤ {most}×", ours["toOracle"] <= most))
        rows.append(row(
            f"{where}: {objective} over the better of {' and '.join(RIVALS)}, where one keeps the goal",
            ours["toOneLayer"], "×", (ORACLE, results.summary(ORACLE, objective)["toOneLayer"]), None,
            f"≤ {LESS[objective]}×", ours["toOneLayer"] is not None and ours["toOneLayer"] <= LESS[objective]))
        rivals = {name: results.violated(name, objective) for name in RIVALS}
        rows.append(row(
            f"{where}: goals violated, of {ours['goals']}", ours["violated"], "",
            (", ".join(f"{name} {count}" for name, count in rivals.items()), min(rivals.values())), None, "fewer",
            ours["violated"] < min(rivals.values())))
        ratios = results.against(OURS, PAPER, objective)
        mean = harmonic_mean(ratios)
        rows.append(row(
            f"{where}: {objective} over `{PAPER}`'s, where both keep the goal ({len(ratios)} goals)", mean, "×",
            reach="≤ 1×", reached=mean is not None and mean <= 1))
        paper = results.violated(PAPER, objective)
        rows.append(row(
            f"{where}: goals violated, against `{PAPER}`", ours["violated"], "", (PAPER, paper), None, "not more",
            ours["violated"] <= paper))
    for environment, share in results.kept(OURS).items():
        rows.append(row(
            f"{platform}, {environment}: promises of 95 % kept", 100 * share, "%", reach="93 to 97 %",
            reached=KEPT[0] <= share <= KEPT[1]))
    return rows
