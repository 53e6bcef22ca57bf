"""top-1 on a folder of labelled pictures, against Pillow + onnxruntime in Python

heed: a replay of the folder, so that its own reading, cropping and scaling of pictures are judged.
"""

import json

from ..rows import row
from ..setup import run

LABELS, CONTENT = "labels.tsv", "pictures"
MOST_POINTS = 0.5


def measure(bench, progress, pictures):
    reference = bench.scratch / "reference.json"
    rows, raw = [], {}
    for bundle in bench.bundles:
        ours = _heed(bench, pictures, bundle.name)
        run(bench.peer("accuracy", bundle, pictures, reference))
        theirs = json.loads(reference.read_text())
        truth, answers = theirs["truth"], theirs["answers"]
        ours_right = sum(ours.get(file) == label for file, label in truth.items())
        theirs_right = sum(answers[file] == label for file, label in truth.items())
        others = sum(ours.get(file) != answers[file] for file in truth)
        our_top1, their_top1 = [100 * right / len(truth) for right in (ours_right, theirs_right)]
        raw[bundle.name] = {
            "pictures": len(truth), "answered": len(ours), "heed_top1": our_top1, "python_top1": their_top1,
            "other_best_answers": others}
        rows.append(row(
            f"top-1, {bundle.name} ({others} of {len(truth)} best answers differ)", our_top1, "%",
            ("Pillow bicubic + onnxruntime", their_top1), None, f"within {MOST_POINTS} points",
            abs(our_top1 - their_top1) <= MOST_POINTS))
        progress(f"{bundle.name}: {our_top1:.1f} % against {their_top1:.1f} %, {others} answers differ")
    return rows, raw


def _heed(bench, pictures, recognizer):
    """The best answer for each file that got one."""
    results = bench.scratch / "accuracy.jsonl"
    run(bench.replay(
        pictures, "--pace", "fast", "--deadline", "10s", "--recognizer", recognizer, "--results", results))
    lines = map(json.loads, results.read_text().splitlines())
    return {line["file"]: line["top"][0]["class"] for line in lines if line.get("top")}
