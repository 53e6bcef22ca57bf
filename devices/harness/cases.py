"""The cases: one file, one behaviour, one machine of its own."""

import os
import re
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .failure import DeviceTestError
from .machine import Settings

DEVICES = Path(__file__).resolve().parent.parent
SKIPPED = 77


@dataclass
class Case:
    """A shell script. Its first comment is the behaviour it shows; lines such as `# seconds: 60` set up its machine."""
    path: Path

    @property
    def name(self):
        return self.path.stem

    @property
    def behaviour(self):
        return next((line[2:] for line in self._comments() if not _setting(line)), self.name)

    def settings(self):
        settings = Settings()
        for name, value in filter(None, map(_setting, self._comments())):
            if name == "seconds":
                settings.seconds = float(value)
            elif name == "memory":
                settings.memory_mib = int(value)
            elif name == "processors":
                settings.processors = int(value)
            elif name == "modules":
                settings.modules = [line.strip() for line in value.split(";") if line.strip()]
            elif name == "clock":
                settings.counts = value == "counted"
            elif name == "devices":
                settings.open_devices = value != "closed"
        return settings

    def _comments(self):
        lines = self.path.read_text().splitlines()
        return [line for line in lines if line.startswith("# ")]


def all_cases():
    return [Case(path) for path in sorted((DEVICES / "cases").glob("*.sh"))]


def named(names):
    """The cases called `names`, or all."""
    known = {case.name: case for case in all_cases()}
    for name in names:
        if name not in known:
            raise DeviceTestError(f"{name}: no such case; there are {', '.join(known)}")
    return [known[name] for name in names] if names else list(known.values())


def failing(chosen, machine):
    """Runs cases and gives those that fail.

    The cases that keep real time run one after the other. A guest whose clock counts does not feel what else this
    machine is at: such cases run beside them, the longest first, on what time the others leave of the processors.
    """
    os.chdir(DEVICES.parent)
    settings = [(case, case.settings()) for case in chosen]
    counted = sorted((pair for pair in settings if pair[1].counts), key=lambda pair: -pair[1].seconds)
    alone = [pair for pair in settings if not pair[1].counts]
    pool = ThreadPoolExecutor(machine.guests)
    try:
        beside = [pool.submit(_passes, *pair, machine) for pair in counted]
        passed = [_passes(*pair, machine) for pair in alone]
        passed += [future.result() for future in beside]
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        machine.stop()
        raise
    pool.shutdown()
    return [case for (case, _), good in zip(alone + counted, passed) if not good]


def _passes(case, settings, machine):
    """Runs a case and prints how it went, with all it said."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="heed-case-") as scratch, tempfile.TemporaryFile() as said:
        out = Path(scratch).resolve()
        settings.shared = [out]
        settings.variables = {"HEED": str(DEVICES.parent / ".build/release/heed"), "OUT": str(out)}
        try:
            status = machine.run(["/bin/sh", "-eu", case.path], settings, said, said)
            end = "" if status in (0, SKIPPED) else f"exit status {status}"
        except DeviceTestError as error:
            status, end = 125, str(error)
        said.seek(0)
        text = said.read().decode(errors="replace").strip()
    word = {0: "passed", SKIPPED: "skipped"}.get(status, "FAILED")
    lines = [f"{word:8} {case.behaviour} ({case.name}, {time.monotonic() - start:.1f} s)"]
    lines += ["    " + line for line in [*text.splitlines(), end] if line]
    # In one piece: others may print too.
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    return status in (0, SKIPPED)


def _setting(line):
    match = re.match(r"# (seconds|memory|processors|modules|clock|devices): (.*)", line)
    return match.groups() if match else None
