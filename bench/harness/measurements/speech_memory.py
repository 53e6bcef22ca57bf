"""memory while an hour of speech is transcribed, on a folder of clips

The clips in ever new order, without pauses of their own.
"""

import json
import random
import wave

from .. import clips
from ..processes import resident_along
from ..rows import row

LABELS, CONTENT = clips.LABELS, "clips of speech"
SECONDS, START, THREADS = 3600, 300, 2
MOST_GROWTH = 5.0


def measure(bench, progress, folder):
    hour = bench.scratch / "hour.wav"
    _join(clips.clips(folder, bench.scratch), hour)
    rows, raw = [], {}
    for bundle in bench.speech_bundles:
        transcript = hour.with_suffix(".jsonl")
        transcript.unlink(missing_ok=True)
        track, peak = resident_along(
            [bench.heed, "transcribe", str(hour), "--recognizer", bundle.name, "--threads", str(THREADS),
             "--to", "jsonl", "--output-folder", str(bench.scratch)], lambda: _reached(transcript))
        end = track[-1][0]
        track = [look for look in track if look[0] < end]  # After the last utterance comes the program's end.
        later = [resident for position, resident in track if position >= START]
        growth = max((100 * (resident / later[0] - 1) for resident in later), key=abs)
        raw[bundle.name] = {
            "peak_mb": peak, "at_five_minutes_mb": later[0], "largest_change_percent": growth,
            "resident_mb_by_minute": _by_minute(track)}
        rows.append(row(
            f"memory after the first 5 of 60 minutes of speech, largest change, {bundle.name}", growth, "%", None, None,
            f"within {MOST_GROWTH:g} %", abs(growth) <= MOST_GROWTH))
        rows.append(row(f"memory, peak, 60 minutes of speech, {bundle.name}", peak, "MB"))
        progress(f"{bundle.name}: peak {peak:.0f} MB, {growth:+.1f} % after the first five minutes")
    return rows, raw


def _join(spoken, output):
    order = random.Random(1)
    with wave.open(str(output), "wb") as joined:
        joined.setnchannels(1)
        joined.setsampwidth(2)
        joined.setframerate(16_000)
        while joined.tell() < SECONDS * joined.getframerate():
            for clip in order.sample(spoken, len(spoken)):
                with wave.open(clip.sound) as file:
                    joined.writeframes(file.readframes(file.getnframes()))


def _reached(transcript):
    """Where in the sound the last utterance ended that is transcribed."""
    try:
        with open(transcript, "rb") as file:
            file.seek(max(0, transcript.stat().st_size - 65_536))
            last = file.read().splitlines()[-1]
        return json.loads(last)["end"]
    except (FileNotFoundError, IndexError, ValueError):
        return 0.0


def _by_minute(track):
    """The most that was resident in each minute of the sound."""
    minutes = {}
    for position, resident in track:
        minute = int(position // 60)
        minutes[minute] = round(max(minutes.get(minute, 0), resident), 1)
    return minutes
