"""Compares what heed listen heard with the transcript of the file that was played.

check_words.py RESULTS TRANSCRIPT [SLOWER]: the file took SLOWER times as long to play as it is long (1). One word in
twenty may differ, for what is heard live is committed before the utterance ends. Each utterance must begin and end
where the first one's beginning puts it, within 50 ms. So must the last word of each utterance; the times of words
that are committed earlier are rougher than that, and said to be approximate.
"""

import difflib
import json
import re
import sys

WITHIN = 0.05


def lines_of(path):
    with open(path) as file:
        return [json.loads(line) for line in file]


def words_of(lines, key):
    return [word for line in lines for word in line.get(key, [])]


def plain(words):
    # A comma may be a full stop as long as nobody knows what follows.
    return [re.sub(r"[^a-z']", "", word["text"].lower()) for word in words]


results, transcript = map(lines_of, sys.argv[1:3])
slower = float(sys.argv[3]) if len(sys.argv) > 3 else 1
finals = [line for line in results if line.get("kind") == "final"]
heard, said = words_of(results, "committed"), words_of(transcript, "words")
faults = []
others = [change for change in difflib.ndiff(plain(said), plain(heard)) if change[0] in "+-"]
if 20 * max(len(others), abs(len(heard) - len(said))) > 2 * len(said):
    faults.append(f"other words than the file's: {plain(heard)}")
if len(finals) != len(transcript):
    faults.append(f"{len(finals)} utterances; the file has {len(transcript)}")
offset = finals[0]["start"] - transcript[0]["start"] * slower
errors = [
    had[edge] - true[edge] * slower - offset for had, true in zip(finals, transcript) for edge in ("start", "end")]
errors += [
    had["committed"][-1]["end"] - true["words"][-1]["end"] * slower - offset for had, true in zip(finals, transcript)]
print(f"{len(heard)} words in {len(finals)} utterances, off by {max(map(abs, errors)) * 1000:.0f} ms at most; "
      f"other words than the file's: {' '.join(others) or 'none'}")
if max(map(abs, errors)) > WITHIN:
    faults.append(f"off by {errors}")
sys.exit("; ".join(faults) or 0)
