"""Programs that take turns, so that a disturbance of the machine falls on all alike."""

import json
import subprocess
from contextlib import ExitStack
from statistics import median

from .failure import BenchError


class Worker:
    """A program that measures a block of repetitions when told how many: see Blocks.swift and peers/blocks.py."""

    def __init__(self, command):
        self.command = command
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._answer()

    def block(self, repetitions):
        """The times of each piece of each repetition, in milliseconds."""
        self.process.stdin.write(f"{repetitions}\n")
        self.process.stdin.flush()
        return {piece: [time / 1e6 for time in times] for piece, times in self._answer().items()}

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
