"""Checks what heed listen told of the two seconds in which it was held up, while a file was played.

check_gap.py RESULTS SUMMARY SAID TRANSCRIPT STOPPED: STOPPED are the seconds in which the process was stopped. What
the card held when it overran is lost with the rest, as one gap. What is said after it must be where the file has it,
for a gap of a wrong length would shift it: within 50 ms, as exactly as the ends of speech are found. That the gap is
right within 10 ms is shown by the microphone's own tests, which play noise that tells where it goes on.
"""

import json
import sys

paths, stopped = sys.argv[1:5], float(sys.argv[5])
with open(paths[0]) as file:
    results = [json.loads(line) for line in file]
with open(paths[1]) as file:
    summary = json.load(file)
with open(paths[2]) as file:
    said = file.read()
with open(paths[3]) as file:
    transcript = [json.loads(line) for line in file]

faults = []
gaps = [line["end"] - line["start"] for line in results if line.get("kind") == "gap"]
told = [line for line in said.splitlines() if "[gap" in line or "missing" in line]
print(f"stopped for {stopped:.2f} s; gaps in the results: {gaps}; {' '.join(told)}")
# The process reads on a little later than it is let go, and what it had read before was a little old.
if summary["microphone"]["overruns"] != 1 or len(gaps) != 1 or abs(gaps[0] - stopped) > 0.3:
    faults.append("not one gap as long as the stop")
finals = [line for line in results if line.get("kind") == "final"]
first, last = finals[0], finals[-1]
print(f"the last utterance: {last['text']}")
shift = (last["end"] - transcript[-1]["end"]) - (first["start"] - transcript[0]["start"])
print(f"it ends {shift * 1000:.0f} ms from where the file has it")
if "despair" not in last["text"]:
    faults.append("transcription did not go on")
if abs(shift) > 0.05:
    faults.append("what came after the gap is shifted")
sys.exit("; ".join(faults) or 0)
