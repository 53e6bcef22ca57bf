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
        folders = _choose(options.words)
        if not options.table_only:
            with tempfile.TemporaryDirectory(prefix="heed-bench-") as scratch:
                _measure(folders, setup.prepare(Path(scratch)))
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
                        help="what to measure (default: all that want no folder); some want a folder of labelled data "
                             "after it: accuracy FOLDER")
    parser.add_argument("--table-only", action="store_true", help="measure nothing, only draw table and plot anew")
    return parser.parse_args()


def _choose(words):
    """The measurements asked for, each with its folder of labelled data where it wants one."""
    words = list(words)
    folders = {}
    while words:
        name = words.pop(0)
        if name not in MEASUREMENTS:
            raise BenchError(f"{name}: no such measurement; there are {', '.join(MEASUREMENTS)}")
        has_folder = words and words[0] not in MEASUREMENTS
        if _needs_folder(name) or _takes_folder(name) and has_folder:
            folders[name] = _labelled(name, words.pop(0) if words else None)
        else:
            folders[name] = None
    return folders or {name: None for name in MEASUREMENTS if not _needs_folder(name)}


def _takes_folder(name):
    return hasattr(MEASUREMENTS[name], "LABELS")


def _needs_folder(name):
    return _takes_folder(name) and not getattr(MEASUREMENTS[name], "FOLDER_IS_OPTIONAL", False)


def _labelled(name, folder):
    labels, content = MEASUREMENTS[name].LABELS, MEASUREMENTS[name].CONTENT
    if folder is None or folder in MEASUREMENTS:
        raise BenchError(f"{name} of what? Name a folder of {content} with a {labels}: bench/run {name} FOLDER")
    if not (Path(folder) / labels).is_file():
        raise BenchError(f"{folder}: wants a folder of {content} with a {labels}")
    return Path(folder)


def _measure(folders, bench):
    for number, (name, folder) in enumerate(folders.items(), 1):
        def progress(message):
            print(f"[{number}/{len(folders)}] {name}: {message}", flush=True)

        load = machine.load()
        if load > 0.5:
            progress(f"other programs keep {load:.1f} processors busy: figures will be noisy")
        rows, raw = MEASUREMENTS[name].measure(bench, progress, *([folder] if folder else []))
        result = {
            "name": name,
            "command": f"bench/run {name}" + (" FOLDER" if folder else ""),
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
