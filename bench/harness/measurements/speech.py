"""recognisers of speech against other programs with the same weights, on a folder of clips

One process a system, loaded and warm, two threads each; clip by clip all take turns, each once the threads of the one
before are asleep. heed: from a clip's first block of sound to its last word, voice activity and all.
"""

import json
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from .. import clips, words
from ..blocks import Worker, median_of_ratios
from ..rows import row
from ..setup import run
from ..weights import weights

LABELS, CONTENT = clips.LABELS, "clips of speech"
ROUNDS, THREADS = 5, 2
SHORT = (4.5, 6.0)

# The peers of each precision, its own class first.
WHISPER_PEERS = {
    "int8": ("faster-whisper int8", "whisper.cpp q8_0"),
    "mixed": ("faster-whisper int8", "faster-whisper float32"),
    "fp32": ("faster-whisper float32", "whisper.cpp f16"),
}
# How many times less than a peer's the real-time factor shall be, milliseconds from the end of an utterance of five
# seconds to its text, and words that are wrong in a hundred.
LEAST_SPEEDUPS = {
    ("whisper-base", "faster-whisper int8"): 1.5, ("whisper-base", "faster-whisper float32"): 2.0,
    ("whisper-base", "whisper.cpp f16"): 3.0, ("whisper-base", "whisper.cpp q8_0"): 3.0,
}
LONGEST_WAITS = {"moonshine-tiny": 45, "whisper-tiny.en": 200, "whisper-base": 320}
MOST_ERRORS = {"moonshine-tiny": 8.6}
MOONSHINE_SIZES = {6: "TINY", 8: "BASE"}  # by the number of layers


@dataclass
class System:
    name: str
    family: str
    command: list
    peers: tuple = ()
    """The names of the systems that it is compared with."""
    precision: str | None = None
    answers: dict = field(default_factory=dict)
    """What it gave for each clip, a round each."""

    def seconds(self, spoken):
        """What all of the clips took: the sum of each one's median over the rounds, so that a stall does not count."""
        return sum(median(answer["all"] for answer in self.answers[clip.name]) for clip in spoken) / 1e9

    def errors(self, spoken):
        return sum(words.errors(clip.words, self.answers[clip.name][0]["text"]) for clip in spoken)


def measure(bench, progress, folder):
    spoken = clips.clips(folder, bench.scratch)
    systems = _systems(bench)
    progress(f"{len(spoken)} clips, {len(systems)} systems, {ROUNDS} rounds and one to warm up")
    _take_turns(systems, spoken, progress)
    by_name = {system.name: system for system in systems}
    rows = []
    for system in systems:
        peers = [by_name[peer] for peer in system.peers]
        if peers:
            rows += [_real_time(system, peer, spoken) for peer in peers] + _waits(system, peers[0], spoken)
            rows.append(_words(system, peers[0], by_name, spoken))
    return rows, {
        "clips": [{"name": clip.name, "seconds": clip.seconds} for clip in spoken], "rounds": ROUNDS,
        "systems": {system.name: _raw(system, spoken) for system in systems}}


def _systems(bench):
    systems, peers_of = [], {}
    for bundle in bench.speech_bundles:
        about = json.loads((bundle / "model.json").read_text())
        family = about["family"]
        if family not in peers_of:
            make = {"whisper": _whisper_peers, "moonshine": _moonshine_peers}[about["kind"]]
            peers_of[family] = list(make(bench, bundle, about))
            systems += peers_of[family]
        names = [peer.name for peer in peers_of[family]]
        if about["kind"] == "whisper":
            names = [f"{family}, {peer}" for peer in WHISPER_PEERS[about["precision"]]]
        systems.append(System(
            bundle.name, family, [bench.heed_bench, "speech", bundle.name, "--threads", str(THREADS)], tuple(names),
            about["precision"]))
    return systems


def _whisper_peers(bench, bundle, about):
    family, folder = about["family"], weights(bundle, bench.scratch)
    for precision in ("int8", "float32"):
        yield System(f"{family}, faster-whisper {precision}", family, bench.peer(
            "speech", "faster-whisper", folder, precision, THREADS))
    for precision in ("f16", "q8_0"):
        file = bench.scratch / f"{family}-{precision}.bin"
        run(bench.peer("ggml", folder, file, precision))
        yield System(f"{family}, whisper.cpp {precision}", family, bench.peer(
            "speech", "pywhispercpp", file, precision, THREADS))


def _moonshine_peers(bench, bundle, about):
    size = MOONSHINE_SIZES[about["network"]["layers"]]
    yield System(f"{about['family']}, Moonshine Voice", about["family"], bench.peer(
        "speech", "moonshine-voice", weights(bundle, bench.scratch), size, THREADS))


def _take_turns(systems, spoken, progress):
    with ExitStack() as stack:
        turns = [(system, stack.enter_context(Worker(system.command))) for system in systems]
        for number in range(-1, ROUNDS):
            for clip in spoken:
                for system, worker in turns:
                    answer = worker.ask(clip.sound)
                    worker.rest()
                    if number >= 0:  # The round before was to warm up.
                        system.answers.setdefault(clip.name, []).append(answer)
                turns.append(turns.pop(0))
            progress(f"round {number + 1} of {ROUNDS}")


def _real_time(system, peer, spoken):
    sound = sum(clip.seconds for clip in spoken)
    ours, theirs = [each.seconds(spoken) / sound for each in (system, peer)]
    ratio = ours / theirs
    least = LEAST_SPEEDUPS.get((system.family, _short(peer)))
    return row(
        f"real-time factor, {system.name}, {THREADS} threads", ours, "", (_short(peer), theirs), ratio,
        least and f"≥ {least:g}× less", least and 1 / ratio >= least)


def _waits(system, peer, spoken):
    """From the end of an utterance of about five seconds to its text."""
    short = [clip for clip in spoken if SHORT[0] <= clip.seconds <= SHORT[1]]
    if not short:
        return []
    ours, theirs = [
        [[each.answers[clip.name][turn]["final"] / 1e6 for clip in short] for turn in range(ROUNDS)]
        for each in (system, peer)]
    wait, longest = median(sum(ours, [])), LONGEST_WAITS.get(system.family)
    return [row(
        f"end of an utterance of 5 s to its text, {system.name}, {THREADS} threads", wait, "ms",
        (_short(peer), median(sum(theirs, []))), median_of_ratios(ours, theirs), longest and f"≤ {longest} ms",
        longest and wait <= longest)]


def _words(system, peer, by_name, spoken):
    count = sum(len(words.words(clip.words)) for clip in spoken)
    ours, theirs = system.errors(spoken), peer.errors(spoken)
    reach = reached = None
    if system.family in MOST_ERRORS:
        most = MOST_ERRORS[system.family]
        reach, reached = f"≤ {most:g} %", round(100 * ours / count, 1) <= most
    elif system.precision == "fp32":
        reach, reached = f"as {_short(peer)}", ours == theirs
    elif f"{system.family}-fp32" in by_name:
        best = by_name[f"{system.family}-fp32"].errors(spoken)
        reach, reached = f"≤ {best + 1} words (fp32: {best})", ours <= best + 1
    return row(
        f"word error rate, {system.name} ({ours} of {count} words)", 100 * ours / count, "%",
        (_short(peer), 100 * theirs / count), None, reach, reached)


def _short(peer):
    return peer.name.removeprefix(f"{peer.family}, ")


def _raw(system, spoken):
    answers = [system.answers[clip.name] for clip in spoken]
    return {
        "errors": system.errors(spoken),
        "all_ms": [[round(answer["all"] / 1e6, 1) for answer in rounds] for rounds in answers],
        "final_ms": [[round(answer["final"] / 1e6, 1) for answer in rounds] for rounds in answers],
        "texts": [rounds[0]["text"].strip() for rounds in answers],
        "texts_differ_between_rounds": any(len({answer["text"] for answer in rounds}) > 1 for rounds in answers),
    }
