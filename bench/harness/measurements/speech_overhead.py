"""what decoding speech takes besides its networks, on a folder of clips

- mel: the part of the encoder's graph that makes the spectrogram, by itself, over the whole encoder, both in ONNX
  Runtime in Python; that share of what the encoder's runs take in heed
- voice activity: the detector's runs
- token loop: what the decoder takes in all, less its runs
- bookkeeping: all else, from a clip's first block of sound to its last word
"""

import json
from collections import Counter
from contextlib import ExitStack
from statistics import median

from .. import clips
from ..blocks import Worker
from ..rows import row

LABELS, CONTENT = clips.LABELS, "clips of speech"
ROUNDS, THREADS = 5, 2
PIECES = ("mel", "voice activity", "token loop", "bookkeeping")
MOST = 10.0


def measure(bench, progress, folder):
    spoken = clips.clips(folder, bench.scratch)
    sound = sum(clip.seconds for clip in spoken)
    rows, raw = [], {}
    for bundle in bench.speech_bundles:
        times = _times(bench, bundle, spoken)
        share = 100 * sum(times[piece] for piece in PIECES) / times["all"]
        per_second = {piece: round(time / sound, 3) for piece, time in times.items()}
        raw[bundle.name] = {"share_percent": share, "ms_per_second_of_sound": per_second}
        rows.append(row(
            f"mel, voice activity, token loop and bookkeeping, {bundle.name}", share, "% of the time", None, None,
            f"≤ {MOST:g} %", share <= MOST))
        progress(f"{bundle.name}: {share:.1f} %, of a second of sound, ms: {per_second}")
    voice = median(figures["ms_per_second_of_sound"]["voice activity"] for figures in raw.values())
    rows.append(row("voice activity, for a second of sound", voice, "ms"))
    return rows, raw


def _times(bench, bundle, spoken):
    """Milliseconds for all clips: of each piece, and of each clip, the median of the rounds."""
    commands = [[bench.heed_bench, "speech", bundle.name, "--threads", str(THREADS)]]
    if json.loads((bundle / "model.json").read_text())["kind"] == "whisper":
        commands.append(bench.peer("mel", bundle, THREADS))
    times = Counter()
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(command)) for command in commands]
        for clip in spoken:
            rounds = []
            for _ in range(ROUNDS + 1):
                answers = {}
                for worker in workers:
                    answers |= worker.ask(clip.sound)
                    worker.rest()
                rounds.append(_pieces(answers))
            for piece in rounds[0]:
                times[piece] += median(pieces[piece] for pieces in rounds[1:]) / 1e6  # The first was to warm up.
    return times


def _pieces(answers):
    mel = answers["mel"] / answers["wholeEncoder"] if "mel" in answers else 0
    return {
        "mel": answers["encoderRuns"] * mel,
        "voice activity": answers["voiceRuns"],
        "token loop": answers["decoder"] - answers["decoderRuns"],
        "bookkeeping": answers["all"] - answers["voiceRuns"] - answers["encoderRuns"] - answers["decoder"],
        "encoder": answers["encoderRuns"] * (1 - mel),
        "decoder": answers["decoderRuns"],
        "all": answers["all"],
    }
