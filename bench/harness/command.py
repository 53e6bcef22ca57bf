"""The command line of bench/run."""

import argparse
import datetime
import tempfile
from pathlib import Path

from . import machine, report, setup
from .failure import BenchError
from .measurements import MEASUREMENTS


def main():
    options = _arguments()
    try:
        names, pictures = _choose(options.words)
        if not options.table_only:
            with tempfile.TemporaryDirectory(prefix="heed-bench-") as scratch:
                _measure(names, setup.prepare(pictures, Path(scratch)))
        report.write_readme()
        report.write_plot()
    except BenchError as error:
        return f"bench/run: {error}"
    except KeyboardInterrupt:
        return 130


def _arguments():
    width = max(map(len, MEASUREMENTS))
    parser = argparse.ArgumentParser(
        prog="bench/run", formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Measures heed (release build) beside named peers in the same run, writes bench/results/NAME.json, "
                    "and\nthe table and the plot in bench/README.md. Wants the models, the library and the demo "
                    "recording in place\n(make assets).",
        epilog="measurements:\n" + "\n".join(
            f"  {name:{width}}  {measurement.__doc__.splitlines()[0]}" for name, measurement in MEASUREMENTS.items()))
    parser.add_argument("words", nargs="*", metavar="NAME",
                        help="what to measure (default: all but accuracy); accuracy wants a folder of pictures with "
                             "labels.tsv after it: accuracy FOLDER")
    parser.add_argument("--table-only", action="store_true", help="measure nothing, only draw table and plot anew")
    return parser.parse_args()


def _choose(words):
    """The measurements asked for, and the folder of labelled pictures."""
    words = list(words)
    pictures = None
    if "accuracy" in words:
        place = words.index("accuracy") + 1
        if place == len(words) or words[place] in MEASUREMENTS:
            raise BenchError("accuracy of what? Name a folder of pictures with a labels.tsv: bench/run accuracy FOLDER")
        pictures = words.pop(place)
    for word in words:
        if word not in MEASUREMENTS:
            raise BenchError(f"{word}: no such measurement; there are {', '.join(MEASUREMENTS)}")
    names = words or [name for name in MEASUREMENTS if name != "accuracy"]
    return names, pictures


def _measure(names, bench):
    for number, name in enumerate(names, 1):
        def progress(message):
            print(f"[{number}/{len(names)}] {name}: {message}", flush=True)

        load = machine.load()
        if load > 0.5:
            progress(f"other programs keep {load:.1f} processors busy: figures will be noisy")
        rows, raw = MEASUREMENTS[name].measure(bench, progress)
        result = {
            "name": name,
            "command": f"bench/run {name}" + (" FOLDER" if name == "accuracy" else ""),
            "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            "machine": machine.describe(),
            "versions": bench.versions,
            "load": {"before": load, "after": machine.load()},
            "rows": rows,
            "raw": raw,
        }
        report.save(result)
        for row in rows:
            progress(report.sentence(row))
