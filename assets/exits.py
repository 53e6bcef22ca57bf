#!/usr/bin/env python3
"""Gives an image recogniser exits: answers on its way, made without labels, and measures what they are worth.

Exits are made of the network's own layers. With a folder of unlabelled pictures their classifiers are fitted to the whole
network's answers for them. Printed are the share of the network's time at which each exit answers, and how often it is
right on a folder of labelled pictures, which nothing is fitted to. With --bundle the network becomes a bundle in
segments, which heed runs as a recogniser that answers in stages.
"""

import argparse
import sys
from pathlib import Path

from builder import environment
from builder.bundles import PRECISIONS, all_bundles
from builder.failure import BuildError
from evaluate import prepare, read_labels

SEED = 1
# Of how many pictures one is held out, to tell whether fitting serves others.
HELD_OUT = 5


def pictures(folder):
    """Every picture of the folder that is large enough to be cut views from."""
    from PIL import Image, UnidentifiedImageError

    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp") and path.is_file() and not path.is_symlink():
            try:
                picture = Image.open(path).convert("RGB")
            except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
                continue
            picture.thumbnail((1400, 1400))
            found.append(picture)
    found = [picture for picture in found if min(picture.size) >= 200]
    if len(found) < 2 * HELD_OUT:
        raise BuildError(f"{folder}: has {len(found)} pictures of 200 pixels and more; fitting takes {2 * HELD_OUT}")
    return found


def views(found, count, side):
    """Views with other framing, sides, exposure and colour; of three in ten a part is another picture's."""
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(SEED)

    def view():
        picture = found[random.integers(len(found))]
        length = min(picture.size) * np.exp(random.uniform(np.log(0.25), 0))
        left, top = (random.uniform(0, size - length) for size in picture.size)
        box = (left, top, left + length, top + length)
        pixels = np.asarray(picture.resize((side, side), Image.Resampling.BICUBIC, box=box), np.float32)
        return pixels[:, ::-1] if random.random() < 0.5 else pixels

    for _ in range(count):
        pixels = view().copy()
        if random.random() < 0.3:
            cut = random.integers(side // 6, side - side // 6)
            pixels[:, cut:] = view()[:, cut:]
        gains = random.uniform(0.7, 1.3, size=3 if random.random() < 0.3 else 1)
        yield np.clip(pixels * gains + random.uniform(-20, 20), 0, 255).astype(np.uint8)[None]


def fit(network, folder, count, progress):
    """The network with exits fitted on views of a folder's pictures, and how, in words for each."""
    from builder.exits import fitted

    found = pictures(folder)
    held_out = found[::HELD_OUT]
    others = [picture for place, picture in enumerate(found) if place % HELD_OUT]
    progress(f"fitting on {count} views of {len(others)} pictures, {len(held_out)} held out …")
    network, words = fitted(
        network, views(others, count, network.size), views(held_out, count // HELD_OUT, network.size))
    return network, [f"{how}; {count} views of {len(others)} unlabelled pictures, {len(held_out)} held out"
                     for how in words]


def run_segments(sessions, view):
    """Yields the probabilities of each segment, run one after the other."""
    values = view
    for session in sessions:
        found = session.run(None, {session.get_inputs()[0].name: values})
        values = found[-1]
        yield found[0][0]


def measure(parts, labels, side, margin):
    """Top-1 and top-5 of each segment on labelled pictures."""
    import numpy as np
    from builder.exits import session

    sessions = [session(part) for part in parts]
    right = np.zeros((len(parts), 2))
    for path, label in labels:
        for place, answer in enumerate(run_segments(sessions, prepare(path, side, margin))):
            best = np.argsort(-answer, kind="stable")[:5]
            right[place] += [best[0] == label, label in best]
    return [(float(top1), float(top5)) for top1, top5 in right / len(labels)]


def shares(whole, bare, parts, view, runs=100):
    """What segments take as shares of the whole network's time on one thread, medians of turns.

    For each of `parts` when it has answered, then how long all of `bare` take, which only hand on.
    """
    import time

    import numpy as np
    from builder.exits import session

    alone, bare, sessions = session(whole), [session(part) for part in bare], [session(part) for part in parts]
    times = np.zeros((runs + 10, len(parts) + 2))
    for run in range(len(times)):
        begin = time.perf_counter()
        alone.run(None, {"image": view})
        times[run, -1] = time.perf_counter() - begin
        begin = time.perf_counter()
        for place, _ in enumerate(run_segments(sessions, view)):
            times[run, place] = time.perf_counter() - begin
        begin = time.perf_counter()
        for _ in run_segments(bare, view):
            times[run, -2] = time.perf_counter() - begin
    medians = np.median(times[10:], axis=0)
    *answers, cut = (float(share) for share in medians[:-1] / medians[-1])
    return answers, cut


def build(options):
    from dataclasses import replace

    from builder.cut import CutBundle, check_new_name

    if options.bundle:
        check_new_name(options.bundle)
    labels = read_labels(options.labelled)
    if not labels:
        raise BuildError(f"{options.labelled / 'labels.tsv'}: names no picture")
    if options.folder and not options.folder.is_dir():
        raise BuildError(f"{options.folder}: is not a folder of pictures")
    whole = next(bundle for bundle in all_bundles() if bundle.name == f"{options.network}-{options.precision}")
    size = whole.network["size"]

    def progress(message):
        print(f"exits: {message}", flush=True)

    network = whole.read()
    blocks = sorted(set(options.behind))
    unknown = [block for block in blocks if block not in network.block_ends or block >= max(network.block_ends)]
    if unknown:
        raise BuildError(f"--behind {unknown[0]}: {options.network} has blocks 0 to {max(network.block_ends)}, and "
                         "an exit is behind any but the last")
    exits = [network.exit_behind(block, f"exit{number}") for number, block in enumerate(blocks, 1)]
    network, fitted = replace(network, exits=tuple(exits)), ["as it is; no picture was looked at"] * len(exits)
    if options.folder:
        network, fitted = fit(network, options.folder, options.views, progress)
    plain = whole.graph(network.without_exits(), progress)
    bare, parts = whole.segments(plain, network), whole.segments(whole.graph(network, progress), network)
    progress(f"measuring on {len(labels)} labelled pictures …")
    margin = whole.description["input"]["crop"]["margin"]
    accuracies = measure(parts, labels, size, margin)
    times, cut = shares(plain, bare, parts, prepare(labels[0][0], size, margin))
    for place, ((top1, top5), time) in enumerate(zip(accuracies, times)):
        name, how = (f"behind block {blocks[place]}", fitted[place]) if place < len(blocks) else ("at the end", "")
        print(f"{name:16} {time:4.0%} of the whole network's time  top-1 {top1:.3f}  top-5 {top5:.3f}  {how}".rstrip())
    print(f"{'cut':16} {cut:4.0%} of the whole network's time, without the exits' answers")
    if options.bundle:
        bundle = CutBundle(whole, options.bundle, blocks, fitted, accuracies, times, len(labels))
        bundle.build(parts)
        progress(f"{bundle.folder}; `heed profile` measures it")


def main():
    parser = argparse.ArgumentParser(
        description="Gives an image recogniser exits that are made without labels, and measures them.",
        epilog="Where exits are worth having, --bundle makes a recogniser that answers in stages of it.")
    parser.add_argument("folder", type=Path, nargs="?", metavar="PICTURES",
                        help="unlabelled pictures to fit the exits on; without them exits are taken as they are")
    parser.add_argument("--labelled", type=Path, metavar="FOLDER", required=True,
                        help="labelled pictures to measure on, with labels.tsv (file, class, name)")
    parser.add_argument("--network", default="efficientnet-lite0", metavar="NAME",
                        choices=sorted({bundle.network["family"] for bundle in all_bundles()}),
                        help="the network (default: efficientnet-lite0)")
    parser.add_argument("--precision", default="int8", choices=PRECISIONS, help="of its numbers (default: int8)")
    parser.add_argument("--behind", type=int, nargs="+", default=[11], metavar="BLOCK",
                        help="the blocks with an exit behind them (default: 11)")
    parser.add_argument("--views", type=int, default=2500,
                        help="views of the pictures to fit the exits on (default: 2500)")
    parser.add_argument("--bundle", metavar="NAME", help="write a bundle of this name, such as lite0-exits")
    options = parser.parse_args()
    if options.views < HELD_OUT:
        parser.error(f"--views {options.views}: fitting takes {HELD_OUT} or more")
    try:
        environment.enter()
        build(options)
    except BuildError as error:
        return str(error)
    except OSError as error:
        return f"{error.filename or options.labelled}: {error.strerror or error}"


if __name__ == "__main__":
    failure = main()
    sys.exit(f"assets/exits.py: {failure}" if failure else 0)
