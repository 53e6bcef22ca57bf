"""Whole programs: what they use, hold, and how soon they answer."""

import os
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from .failure import BenchError


@dataclass
class Usage:
    wall: float
    processor: float
    peak_mb: float
    steady_mb: float

    @property
    def share(self):
        """The share of one core in use, start and end of the program included."""
        return self.processor / self.wall


def run_to_end(command):
    """Runs a program and says what it used. Steady memory is the median over the second half of its life."""
    resident = []
    wall, usage = _watch(command, lambda pid: resident.append(resident_bytes(pid)))
    return Usage(
        wall=wall, processor=usage.ru_utime + usage.ru_stime, peak_mb=_peak(usage),
        steady_mb=median(resident[len(resident) // 2:]) / 1e6)


def resident_along(command, position):
    """Runs a program to its end: what it held, in MB, at each `position()` it had reached, and its peak."""
    track = []
    _, usage = _watch(command, lambda pid: track.append((position(), resident_bytes(pid) / 1e6)))
    return track, _peak(usage)


def seconds_to_first_line(command, results):
    """From the start of a program to the first line in its results file; ends it then."""
    Path(results).unlink(missing_ok=True)
    start = time.monotonic()
    process = _start(command)
    while not _has_line(results):
        if process.poll() is not None:
            raise _failure(process)
        time.sleep(0.001)
    taken = time.monotonic() - start
    process.send_signal(signal.SIGINT)
    process.wait()
    return taken


def processor_seconds(pid):
    """The processor time that a running program has taken so far."""
    # The name, in parentheses, may hold blanks; user and system time are fields 14 and 15.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def family(pid):
    """A running program and all that descend from it."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents.setdefault(int(path.read_text().rpartition(") ")[2].split()[1]), []).append(int(path.parent.name))
        except OSError:
            pass  # It has ended.
    found = [pid]
    for one in found:
        found += parents.get(one, [])
    return found


def resident_bytes(pid):
    """The memory of a program that is resident, in bytes; 0 when it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _watch(command, look):
    """Runs a program to its end and looks at it ten times a second; how long it ran, and what it used."""
    start = time.monotonic()
    process = _start(command)
    while True:
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        look(process.pid)
        time.sleep(0.1)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise _failure(process)
    return time.monotonic() - start, usage


def _peak(usage):
    return usage.ru_maxrss * 1024 / 1e6


def _start(command):
    try:
        # A file, for a pipe that nobody reads would fill up and stop the program.
        messages = tempfile.TemporaryFile("w+", errors="replace")
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=messages)
    except OSError as error:
        raise BenchError(f"{command[0]}: cannot be started: {error.strerror}")
    process.messages = messages
    return process


def _failure(process):
    process.messages.seek(0)
    said = process.messages.read().strip().splitlines() or ["without a word"]
    return BenchError(f"{' '.join(process.args)}: ended with {process.returncode}: {said[-1]}")


def _has_line(path):
    try:
        with open(path, "rb") as file:
            return b"\n" in file.read(4096)
    except FileNotFoundError:
        return False
