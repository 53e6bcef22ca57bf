"""Programs that take turns, so that a disturbance of the machine falls on all alike."""

import json
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from .failure import BenchError

LONGEST_REST = 2.0


class Worker:
    """A program that answers each line with one of JSON: see Lines.swift and peers/lines.py."""

    def __init__(self, command):
        self.command = command
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._answer()

    def ask(self, line):
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self._answer()

    def block(self, repetitions):
        """The times of each piece of each repetition, in milliseconds: see Blocks.swift and peers/blocks.py."""
        return {piece: [time / 1e6 for time in times] for piece, times in self.ask(repetitions).items()}

    def rest(self):
        """Waits until all its threads are asleep: some spin for a while after their work, and slow down the next."""
        end = time.monotonic() + LONGEST_REST
        while self._is_running() and time.monotonic() < end:
            time.sleep(0.01)

    def _is_running(self):
        return any(path.read_text().rpartition(") ")[2].startswith("R")
                   for path in Path(f"/proc/{self.process.pid}/task").glob("*/stat"))

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise BenchError(f"{' '.join(self.command)}: ended with {self.process.wait()}; its message is above")
        return json.loads(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def alternate(commands, blocks, repetitions):
    """Blocks of all commands in turn, each going first every so often.

    Returns a list for each command with one entry a block: the times of its pieces.
    """
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(command)) for command in commands]
        for worker in workers:
            worker.block(repetitions)  # To warm up.
        measured = [[] for _ in workers]
        turns = list(zip(workers, measured))
        for _ in range(blocks):
            for worker, into in turns:
                into.append(worker.block(repetitions))
            turns.append(turns.pop(0))
        return measured


def totals(block):
    """The time of each repetition: the sum of its pieces."""
    return [sum(pieces) for pieces in zip(*block.values())]


def median_of_ratios(ours, theirs):
    """The median over the blocks of (our median ÷ their median in the same turn)."""
    return median(median(our) / median(their) for our, their in zip(ours, theirs))


def percentile(times, share):
    """The time that `share` of all do not exceed."""
    times = sorted(times)
    return times[min(len(times) - 1, int(share * len(times)))]
