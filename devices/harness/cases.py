"""The cases: one file, one behaviour, one machine of its own."""

import os
import re
import tempfile
import time
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

    def settings(self, scratch):
        settings = Settings(
            shared=[scratch], variables={"HEED": str(DEVICES.parent / ".build/release/heed"), "OUT": str(scratch)})
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


def passes(case, machine):
    """Runs a case and prints how it went, with all it said."""
    start = time.monotonic()
    os.chdir(DEVICES.parent)
    with tempfile.TemporaryDirectory(prefix="heed-case-") as scratch, tempfile.TemporaryFile() as said:
        try:
            status = machine.run(["/bin/sh", "-eu", case.path], case.settings(Path(scratch).resolve()), said, said)
            end = "" if status in (0, SKIPPED) else f"exit status {status}"
        except DeviceTestError as error:
            status, end = 125, str(error)
        said.seek(0)
        text = said.read().decode(errors="replace").strip()
    word = {0: "passed", SKIPPED: "skipped"}.get(status, "FAILED")
    print(f"{word:8} {case.behaviour} ({case.name}, {time.monotonic() - start:.1f} s)", flush=True)
    if text or end:
        print("\n".join("    " + line for line in [*text.splitlines(), end] if line), flush=True)
    return status in (0, SKIPPED)


def _setting(line):
    match = re.match(r"# (seconds|memory|processors|modules|clock|devices): (.*)", line)
    return match.groups() if match else None
