"""words that recognisers make up in 10 minutes each of silence, of white noise and of tones

The noise grows by 6 dB a minute, from -60 to -6 dB below the loudest; the tones are chords and a tune with overtones.
"""

import json

from ..rows import row
from ..setup import run

SOUNDS = ("silence", "noise", "tones")
MINUTES, THREADS = 10, 2


def measure(bench, progress):
    files = [bench.scratch / f"{name}.wav" for name in SOUNDS]
    for name, file in zip(SOUNDS, files):
        run(bench.peer("sounds", name, MINUTES, file))
    rows, raw = [], {}
    for bundle in bench.speech_bundles:
        run([bench.heed, "transcribe", *map(str, files), "--recognizer", bundle.name, "--threads", str(THREADS), "--to",
             "jsonl", "--output-folder", str(bench.scratch)])
        raw[bundle.name] = {name: _found(file.with_suffix(".jsonl")) for name, file in zip(SOUNDS, files)}
        words = sum(found["words"] for found in raw[bundle.name].values())
        rows.append(row(
            f"words in {MINUTES} minutes each of silence, of white noise and of tones, {bundle.name}", words, "", None,
            None, "0", words == 0))
        progress(f"{bundle.name}: {raw[bundle.name]}")
    return rows, raw


def _found(transcript):
    lines = [json.loads(line) for line in transcript.read_text().splitlines()]
    return {
        "words": sum(len(line["words"]) for line in lines), "taken_for_speech": len(lines),
        "left_out": [line["gate"] for line in lines if "gate" in line]}
