"""Results as JSON, and the table in the README that is made from them."""

import json

from . import plot, policies
from .failure import BenchError
from .measurements import MEASUREMENTS
from .setup import BENCH, PACKAGES, ROOT

RESULTS = BENCH / "results"
README = BENCH / "README.md"
BEGIN, END = "<!-- table: written by bench/run -->", "<!-- end of table -->"


def save(result):
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{result['name']}.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")


def sentence(row):
    """A row in words, for the terminal."""
    peer = f"; {row['peer']['name']} {_figure(row['peer'])}" if row["peer"] else ""
    ratio = f"; {row['ratio']:.2f}×" if row["ratio"] else ""
    verdict = f" ({row['reach']}: {_verdict(row)})" if row["reach"] else ""
    return f"{row['what']}: {_figure(row['measured'])}{peer}{ratio}{verdict}"


def write_readme():
    _replace_table(README, _table())
    compared = RESULTS / "policies.json"
    if compared.is_file():
        _replace_table(ROOT / "README.md", policies.overview(json.loads(compared.read_text())["raw"]))


def _replace_table(readme, table):
    text = readme.read_text()
    try:
        before, rest = text.split(BEGIN)
        _, after = rest.split(END)
    except ValueError:
        raise BenchError(f"{readme}: wants the lines `{BEGIN}` and `{END}`, once each, for the table to go between")
    readme.write_text(before + BEGIN + "\n" + table + END + after)


def write_plot():
    choices = RESULTS / "choices.json"
    if choices.is_file():
        (RESULTS / "choices.svg").write_text(plot.svg(json.loads(choices.read_text())["raw"]))


def _table():
    lines = ["| what | measured | peer | ratio | reach | reached | command |", "|---|---|---|---|---|---|---|"]
    machines = {}
    for name in MEASUREMENTS:
        path = RESULTS / f"{name}.json"
        if not path.is_file():
            continue
        result = json.loads(path.read_text())
        machines.setdefault(_machine(result), []).append(name)
        for row in result["rows"]:
            peer = f"{_figure(row['peer'])} ({row['peer']['name']})" if row["peer"] else "–"
            ratio = f"{row['ratio']:.2f}×" if row["ratio"] else "–"
            cells = [row["what"], _figure(row["measured"]), peer, ratio, row["reach"] or "–", _verdict(row),
                     f"`{result['command']}`"]
            lines.append("| " + " | ".join(cells) + " |")
    lines += ["", *(f"{', '.join(names)}: {text}" for text, names in machines.items())]
    return "\n".join(lines) + "\n"


def _machine(result):
    machine, versions = result["machine"], result["versions"]
    packages = "".join(f"{name} {versions[package]}, " for package, name in PACKAGES.items() if package in versions)
    return (f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, "
            f"Linux {machine['kernel']}; {packages}Python {versions['python']}; "
            f"heed {versions['heed']}; {result['date'][:10]}.")


def _figure(figure):
    value = figure["value"]
    if isinstance(value, float):
        decimals = next((count for count, least in enumerate((100, 10, 1)) if abs(value) >= least), 3)
        value = f"{value:.{decimals}f}"
    return f"{value} {figure['unit']}".strip()


def _verdict(row):
    return {True: "yes", False: "no", None: "–"}[row["reached"]]
