"""Compares the results of a camera's run with the numbers that the driver gave its buffers, from the kernel's trace."""

import json
import re
import sys
from collections import Counter

results, trace = sys.argv[1:]
with open(results) as file:
    lines = sorted(map(json.loads, file), key=lambda line: line["sequence"])
with open(trace) as file:
    taken = {int(match[1]) // 1000: int(match[2]) for match in re.finditer(
        r"v4l2_dqbuf:.* timestamp = (\d+),.* sequence = (\d+)", file.read())}

# A line about several samples gives the first one's number.
numbers = [line["sequence"] + index for line in lines for index in range(line.get("count", 1))]
lost = [line["sequence"] + index
        for line in lines if line["outcome"] == "lost" for index in range(line.get("count", 1))]
outcomes = Counter(line["outcome"] for line in lines for _ in range(line.get("count", 1)))
# A sample and a buffer are the same when their times are, which are the driver's own.
pairs = {line["sequence"]: taken.get(line["captured_ns"] // 1000) for line in lines if line["outcome"] != "lost"}
print(f"{len(numbers)} samples, {dict(outcomes)}; of {len(pairs)}, {len(pairs) - list(pairs.values()).count(None)} are "
      f"buffers that the driver delivered, numbered {min(pairs.values())} to {max(pairs.values())}")
faults = []
if numbers != list(range(len(numbers))):
    faults.append(f"the results' numbers are not one after the other: {numbers}")
if len(pairs) < 300 or len(lost) < 5:
    faults.append("too little happened to show anything")
# Samples are numbered as the driver numbers buffers, from the first one on: what is lost has the numbers left out.
first = pairs[0]
wrong = {sequence: number for sequence, number in pairs.items() if number != first + sequence}
if wrong:
    faults.append(f"samples that have other numbers than their buffers: {wrong}")
present = set(taken.values())
if delivered := [sequence for sequence in lost if first + sequence in present]:
    faults.append(f"lost in the results, but delivered by the driver: {delivered}")
sys.exit("; ".join(faults) or 0)
