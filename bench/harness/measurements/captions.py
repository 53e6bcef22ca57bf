"""how long after each word captions show it, in real time, on a folder of clips

The clips come one after the other with a second of silence between. When a word ends, faster-whisper tells from the clip
by itself (tiny.en, float32, beam of 5): heed's own times of words are laid out, not measured. A word that only one of the
two heard is left out.
"""

import difflib
import json
import wave
from statistics import median

from .. import clips, words
from ..blocks import Worker
from ..rows import row
from ..setup import run
from ..weights import weights

LABELS, CONTENT = clips.LABELS, "clips of speech"
PAUSE = 1.0
TIMED_BY = "whisper-tiny.en-fp32"
MOST = {"committed": (1000, 2000), "first": (600, None)}


def measure(bench, progress, folder):
    spoken = clips.clips(folder, bench.scratch)
    starts, joined = _join(spoken, bench.scratch / "captions.wav")
    ends = _word_ends(bench, spoken, starts)
    progress(f"{len(ends)} words timed; {joined[1]:.0f} s in real time …")
    reference = bench.scratch / "captions.txt"
    reference.write_text("\n".join(clip.words for clip in spoken))
    rows, raw = [], {}
    results, path = bench.scratch / "captions.jsonl", bench.scratch / "captions.json"
    run(bench.captions(joined[0], "--reference", reference, "--results", results, "--summary", path))
    summary = json.loads(path.read_text())
    committed, first, unmatched = _lags(results, ends)
    for name, lags in (("committed", committed), ("first", first)):
        what = {"committed": "word ends until it is committed", "first": "first word ends until captions show words"}
        for percentile, most in zip((50, 95), MOST[name]):
            value = _percentile(lags, percentile)
            rows.append(row(f"captions, from when a {what[name]}, p{percentile}", value, "ms", None, None,
                            f"≤ {most} ms" if most else None, value <= most if most else None))
        raw[name] = sorted(lags)
    rows.append(row("captions, word error rate", summary["wer"]["value"] * 100, "%"))
    raw |= {"unmatched_words": unmatched, "words": len(ends)}
    raw |= {key: summary[key] for key in ("wer", "lag_ms", "outcomes", "rtf", "speech_seconds", "candidates")}
    return rows, raw


def _join(spoken, path):
    """The clips with pauses between; where each begins, and the file with its length, in seconds."""
    starts = []
    with wave.open(str(path), "wb") as joined:
        joined.setnchannels(1)
        joined.setsampwidth(2)
        joined.setframerate(16_000)
        for clip in spoken:
            starts.append(joined.tell() / 16_000)
            with wave.open(clip.sound) as file:
                joined.writeframes(file.readframes(file.getnframes()))
            joined.writeframes(bytes(2 * int(PAUSE * 16_000)))
        return starts, (path, joined.tell() / 16_000)


def _word_ends(bench, spoken, starts):
    """The words of all clips with the seconds at which each ends in the joined sound, and the clip it is in."""
    found = []
    folder = weights(bench.data / "models" / TIMED_BY, bench.scratch)
    with Worker(bench.peer("times", folder)) as worker:
        for number, (clip, start) in enumerate(zip(spoken, starts)):
            for text, end in worker.ask(clip.sound)["words"]:
                found += [(word, start + end, number) for word in words.words(text)]
    return found


def _lags(results, ends):
    """Milliseconds from each word's end until it was committed, and from each utterance's first until any was shown."""
    committed, shown = [], {}
    with open(results) as file:
        for line in map(json.loads, file):
            if "latency_ms" not in line:
                continue
            moment = line["heard"] + line["latency_ms"] / 1000
            if line.get("committed") or line.get("unconfirmed"):
                shown.setdefault(line["utterance"], moment)
            for word in line.get("committed", []):
                committed += [(part, moment, line["utterance"]) for part in words.words(word["text"])]
    matcher = difflib.SequenceMatcher(a=[word for word, *_ in ends], b=[word for word, *_ in committed], autojunk=False)
    lags, first, seen = [], [], set()
    for block in matcher.get_matching_blocks():
        for place in range(block.size):
            (_, end, _), (_, moment, utterance) = ends[block.a + place], committed[block.b + place]
            lags.append((moment - end) * 1000)
            at = block.b + place
            if utterance not in seen and (at == 0 or committed[at - 1][2] != utterance):
                first.append((shown[utterance] - end) * 1000)
            seen.add(utterance)
    return lags, first, len(committed) - len(lags)


def _percentile(values, percentile):
    """By the nearest rank."""
    ordered = sorted(values)
    return median(ordered) if percentile == 50 else ordered[min(len(ordered) - 1, len(ordered) * percentile // 100)]
