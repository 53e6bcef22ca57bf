"""Bundles in segments: a network that answers on its way, as `exits.py` makes them of the other bundles."""

import re

from . import graphs, labels, places
from .bundles import all_bundles
from .failure import BuildError
from .sealed import replacing_folder, write_seal
from .speech import speech_bundles


def check_new_name(name):
    """Refuses what cannot be the name of a bundle of the user's own; one with exits may be written anew."""
    seal = places.data() / "models" / name / "model.json"
    taken = name in [bundle.name for bundle in all_bundles() + speech_bundles()]
    if not re.fullmatch(r"[\w-][\w.-]*", name) or taken or seal.exists() and "exits" not in seal.read_text():
        raise BuildError(f"{name}: is no name for a new bundle; choose one of letters, digits, dots and hyphens that "
                         "no other bundle has, such as lite0-exits")


class CutBundle:
    """A bundle's network in segments, with exits."""

    def __init__(self, whole, name, blocks, fitted, accuracies, times, samples):
        """`fitted` says how each exit was, in words.

        `accuracies` (top-1, top-5) and `times` (as shares of the whole network's) are those of each segment.
        """
        self.name, self.whole, self.blocks, self.fitted = name, whole, blocks, fitted
        self.accuracies, self.times, self.samples = accuracies, times, samples
        self.folder = places.data() / "models" / name

    def build(self, parts):
        """Writes the bundle; `parts` are the segments' graphs."""
        import onnx

        files = [f"exit{number}.onnx" for number in range(1, len(parts))] + ["model.onnx"]
        description = {**self.whole.description, "name": self.name, "exits": self._exits(parts, files)}
        with replacing_folder(self.folder) as folder:
            for part, file in zip(parts, files):
                onnx.save(part, folder / file)
            (folder / "labels.txt").write_text("".join(name + "\n" for name in labels.names()))
            (folder / "card.md").write_text(self._card())
            write_seal(folder / "model.json", description, [*files, "labels.txt", "card.md"])

    def _exits(self, parts, files):
        accuracy = self.whole.description["accuracy"]
        exits = []
        for part, file, block, how, (top1, top5) in zip(parts, files, self.blocks, self.fitted, self.accuracies):
            # The level is the whole network's; what is measured is how much of it the exit keeps.
            expected = round(accuracy["expected"] * min(1, top1 / max(self.accuracies[-1][0], 1e-9)), 3)
            exits.append({
                "graph": file, "features": graphs.description(part),
                "accuracy": {
                    "top1": top1, "top5": top5, "samples": self.samples,
                    "measured": f"{self.samples} labelled pictures that nothing was fitted to, by `assets/exits.py`",
                    "expected": expected,
                    "expectation": "what is expected of the whole network, times the share of its right answers on the "
                                   "labelled pictures that the exit keeps",
                },
                "fitted": f"behind block {block}, {how}",
            })
        levels = [exit["accuracy"]["expected"] for exit in exits] + [accuracy["expected"]]
        for block, level, following in zip(self.blocks, levels, levels[1:]):
            if level >= following:
                raise BuildError(f"--behind {block}: that exit is right no less often than what follows; leave out one")
        return exits

    def _card(self):
        answers = [f"behind block {block}" for block in self.blocks] + ["at the end"]
        rows = [f"| {answer} | {time:.0%} | {top1:.1%} | {top5:.1%} |"
                for answer, time, (top1, top5) in zip(answers, self.times, self.accuracies)]
        return "\n".join([
            f"# {self.name}", "",
            f"{self.whole.name} in segments. Its exits are made of its own layers; no label was used.", "",
            *[f"- Behind block {block}: {how}." for block, how in zip(self.blocks, self.fitted)], "",
            "| answers | of the whole network's time | top-1 | top-5 |", "|---|---|---|---|", *rows, "",
            f"Times: one thread of the machine that built it. Accuracy: {self.samples} labelled pictures that nothing "
            "was fitted to.", ""])
