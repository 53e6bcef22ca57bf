"""Compares the results of a live run with those of its recording's replay: check_replay.py LIVE REPLAYED."""

import json
import sys

WITHIN = 1.0  # Milliseconds.


def samples(path, stream):
    with open(path) as file:
        lines = [json.loads(line) for line in file]
    return [line for line in lines if line["stream"] == stream]


def by_number(lines):
    """Each sample by its number: whether it was lost, and when it was captured."""
    return {
        line["sequence"] + index: (line["outcome"] == "lost", line["captured_ns"], line.get("arrival_ms"))
        for line in lines for index in range(line.get("count", 1))}


live, replayed = (by_number(samples(path, "frames")) for path in sys.argv[1:])
faults = []
others = live.keys() ^ replayed.keys()
lost = [number for number in live.keys() & replayed if live[number][0] != replayed[number][0]]
if others or lost:
    faults.append(f"only live or only replayed: {sorted(others)}; lost in one of them: {sorted(lost)}")
pairs = [(live[number], replayed[number]) for number in sorted(live.keys() & replayed) if not live[number][0]]
start = pairs[0][1][1] - pairs[0][0][1]
captured = max(abs(new[1] - old[1] - start) for old, new in pairs)
late = sorted(new[2] - old[2] for old, new in pairs if new[2] is not None and old[2] is not None)
print(f"{len(pairs)} frames, captured {captured} ns apart at most; arrived {late[0]:.3f} to {late[-1]:.3f} ms later "
      f"than live, median {late[len(late) // 2]:.3f} ms, 99 % within {late[len(late) * 99 // 100]:.3f} ms")
if captured > 0:
    faults.append(f"capture times differ by {captured} ns")
# On the guest's one processor a recogniser may hold a frame's arrival up now and then.
if max(abs(late[len(late) * 99 // 100]), abs(late[0])) > WITHIN:
    faults.append("more than one arrival in a hundred differs by more than a millisecond")

live, replayed = (samples(path, "speech") for path in sys.argv[1:])
utterances = [[(line["start"], line["end"], line["text"]) for line in lines if line["kind"] == "final"]
              for lines in (live, replayed)]
print(f"{len(utterances[0])} utterances live, {len(utterances[1])} replayed")
# What is said may be cut otherwise while it is heard, for recognising takes other times; where it lies may not.
if [part[:2] for part in utterances[0]] != [part[:2] for part in utterances[1]] or not utterances[0]:
    faults.append(f"other utterances: {utterances}")
sys.exit("; ".join(faults) or 0)
