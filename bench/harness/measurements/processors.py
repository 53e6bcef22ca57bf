"""recognisers on OpenVINO and WebGPU against ONNX Runtime's own CPU code, on a folder with images/ and speech/

Same heed, same graphs, same threads; only the processor and the precision differ. Needs `make extras`.
"""

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from statistics import median

from .. import clips, words
from ..blocks import Worker, alternate, median_of_ratios, totals
from ..failure import BenchError
from ..rows import row
from ..setup import run

LABELS, CONTENT = "images/labels.tsv", "pictures (images/) and clips (speech/)"
CPU, OPENVINO, BFLOAT16 = ("cpu", "fp32"), ("openvino", "fp32"), ("openvino", "bf16")
BLOCKS, REPETITIONS, ROUNDS = 40, 6, 5
LEAST_SPEEDUP, MOST_POINTS, MOST_WORDS = 2, 0.5, 0.3
WEBGPU_PICTURES, MOST_SCORE = 50, 1e-2
SHORT = (4.5, 6.0)


def measure(bench, progress, folder):
    rows, raw = [], {}
    classifiers = [bundle for bundle in bench.bundles if bundle.name.endswith("-fp32")]
    whispers = [bundle for bundle in bench.speech_bundles if bundle.name.endswith("-fp32")]
    for part in (_speed(bench, progress, classifiers), _accuracy(bench, progress, classifiers, folder / "images"),
                 _speech(bench, progress, whispers, folder / "speech")):
        rows += part[0]
        raw |= part[1]
    return rows, raw


def _options(place):
    return ["--processor", place[0], "--precision", place[1]]


def _name(place):
    return f"{place[0]} {place[1]}"


def _speed(bench, progress, bundles):
    rows, raw = [], {}
    for bundle in bundles:
        for threads in (1, 2):
            places = [CPU, OPENVINO, BFLOAT16]
            measured = alternate(
                [[bench.heed_bench, "inference", str(bundle), "--threads", str(threads), *_options(place)]
                 for place in places], BLOCKS, REPETITIONS)
            times = [[totals(block) for block in blocks] for blocks in measured]
            medians = [[round(median(block), 4) for block in blocks] for blocks in times]
            raw[f"{bundle.name}, {threads}"] = {_name(place): blocks for place, blocks in zip(places, medians)}
            for place, blocks, theirs in list(zip(places, times, medians))[1:]:
                ratio = median_of_ratios(blocks, times[0])
                reach = f"≤ {1 / LEAST_SPEEDUP:g}×" if place == BFLOAT16 and threads == 1 else None
                rows.append(row(
                    f"inference, {bundle.name}, {threads} thread{'s' if threads > 1 else ''}, {_name(place)}",
                    median(theirs), "ms", ("cpu fp32", median(medians[0])), ratio, reach,
                    ratio <= 1 / LEAST_SPEEDUP if reach else None))
                progress(f"{bundle.name}, {threads} threads, {_name(place)}: {ratio:.3f}×")
    return rows, raw


def _accuracy(bench, progress, bundles, folder):
    with open(folder / "labels.tsv", newline="") as file:
        lines = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    truth = [(folder / line[0], int(line[1])) for line in lines]
    rows, raw = [], {}
    for bundle in bundles:
        size = json.loads((bundle / "model.json").read_text())["input"]["shape"][1]
        pictures = _all_pixels(bench, [path for path, _ in truth], size)
        answers = {place: _scores(bench, bundle, place, pictures) for place in (CPU, BFLOAT16)}
        right = {place: sum(_best(scores) == label for scores, (_, label) in zip(found, truth))
                 for place, found in answers.items()}
        ours, theirs = [100 * right[place] / len(truth) for place in (BFLOAT16, CPU)]
        others = sum(_best(one) != _best(other) for one, other in zip(answers[CPU], answers[BFLOAT16]))
        raw[f"{bundle.name}, top-1"] = {"pictures": len(truth), "cpu": theirs, "bf16": ours, "other_best": others}
        rows.append(row(
            f"top-1, {bundle.name}, openvino bf16 ({others} of {len(truth)} best answers differ)", ours, "%",
            ("cpu fp32", theirs), None, f"within {MOST_POINTS} points", abs(ours - theirs) <= MOST_POINTS))
        progress(f"{bundle.name}: {ours:.1f} % in bf16, {theirs:.1f} % in fp32")
    bundle = bundles[0]
    size = json.loads((bundle / "model.json").read_text())["input"]["shape"][1]
    pictures = _all_pixels(bench, [path for path, _ in truth[:WEBGPU_PICTURES]], size)
    try:
        gpu = _scores(bench, bundle, ("webgpu", "fp32"), pictures)
    except BenchError as error:
        progress(f"webgpu: not run: {error}")
        return rows, raw
    cpu = _scores(bench, bundle, CPU, pictures)
    difference = max(abs(ours[label] - theirs[label]) for ours, theirs in zip(gpu, cpu) for label in theirs)
    others = sum(_best(ours) != _best(theirs) for ours, theirs in zip(gpu, cpu))
    raw["webgpu"] = {"pictures": len(pictures), "largest_difference": difference, "other_best": others}
    rows.append(row(
        f"largest difference of a score, {bundle.name}, webgpu, {len(pictures)} pictures ({others} best answers differ)",
        f"{difference:.1e}", "", None, None, f"≤ {MOST_SCORE}, same best", difference <= MOST_SCORE and not others))
    return rows, raw


def _all_pixels(bench, paths, size):
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda path: _pixels(bench, path, size), paths))


def _pixels(bench, path, size):
    """A picture's middle as the recogniser gets it, in a file of bare pixels; the same for every processor."""
    pixels = bench.scratch / f"{path.stem}-{size}.rgb"
    if not pixels.exists():
        side = f"min(iw\\,ih)*{size}/{size + 32}"
        run(["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", str(path), "-vf",
             f"crop={side}:{side},scale={size}:{size}:flags=bicubic", "-f", "rawvideo", "-pix_fmt", "rgb24", str(pixels)])
    return pixels


def _scores(bench, bundle, place, pictures):
    with Worker([bench.heed_bench, "scores", str(bundle), *_options(place)]) as worker:
        return [{entry["class"]: entry["score"] for entry in worker.ask(picture)} for picture in pictures]


def _best(scores):
    return max(scores, key=scores.get)


def _speech(bench, progress, bundles, folder):
    spoken = clips.clips(folder, bench.scratch)
    rows, raw = [], {}
    for bundle in bundles:
        places = [CPU, OPENVINO, BFLOAT16]
        with ExitStack() as stack:
            workers = [stack.enter_context(Worker([bench.heed_bench, "speech", bundle.name, *_options(place)]))
                       for place in places]
            answers = [{} for _ in places]
            for turn in range(ROUNDS + 1):
                for clip in spoken:
                    for worker, into in zip(workers, answers):
                        answer = worker.ask(clip.sound)
                        if turn:  # The first warms up: OpenVINO prepares for each length of sound.
                            into.setdefault(clip.name, []).append(answer)
        said = sum(len(words.words(clip.words)) for clip in spoken)
        wrong = [sum(words.errors(clip.words, found[clip.name][0]["text"]) for clip in spoken) for found in answers]
        short = [clip.name for clip in spoken if SHORT[0] <= clip.seconds <= SHORT[1]]
        raw[bundle.name] = {
            _name(place): {"words": said, "wrong": errors, **{
                piece: {name: [round(answer[piece] / 1e6, 2) for answer in rounds] for name, rounds in found.items()}
                for piece in ("encoder", "final")}} for place, errors, found in zip(places, wrong, answers)}
        for place, found, errors in list(zip(places, answers, wrong))[1:]:
            for piece, of, names in (("encoder", "encoder", list(found)), ("end of an utterance of 5 s to its text",
                                                                          "final", short)):
                ours, theirs = [[[answer[of] / 1e6 for answer in one[name]] for name in names]
                                for one in (found, answers[0])]
                ratio = median_of_ratios(ours, theirs)
                rows.append(row(
                    f"{piece}, {bundle.name}, 2 threads, {_name(place)}", median(map(median, ours)), "ms",
                    ("cpu fp32", median(map(median, theirs))), ratio))
                progress(f"{bundle.name}, {_name(place)}, {piece}: {ratio:.3f}×")
            ours, theirs = 100 * errors / said, 100 * wrong[0] / said
            rows.append(row(
                f"word error rate, {bundle.name}, {_name(place)}", ours, "%", ("cpu fp32", theirs), None,
                f"within {MOST_WORDS} points", ours - theirs <= MOST_WORDS))
    return rows, raw
