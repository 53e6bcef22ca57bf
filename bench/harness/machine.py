"""What the figures were measured on."""

import os
import platform
import re
import time
from pathlib import Path


def describe():
    processor = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.M)
    memory = re.search(r"^MemTotal:\s*(\d+) kB$", Path("/proc/meminfo").read_text(), re.M)
    return {
        "processor": processor[1] if processor else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(int(memory[1]) / 2**20, 1) if memory else None,
        "kernel": platform.release(),
    }


def load():
    """Processors that are busy at this moment, as seen over half a second."""
    before = _busy()
    start = time.monotonic()
    time.sleep(0.5)
    return round((_busy() - before) / os.sysconf("SC_CLK_TCK") / (time.monotonic() - start), 2)


def _busy():
    user, nice, system, _, _, interrupts, soft, stolen = map(int, Path("/proc/stat").read_text().split()[1:9])
    return user + nice + system + interrupts + soft + stolen
