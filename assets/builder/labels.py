"""The names of the 1000 classes, in the order in which the networks count them."""

from .environment import open_wheel

FOLDER = "timm/data/_info/"


def names():
    """One short name a class: the first of the words WordNet has for it, such as `tench` for "tench, Tinca tinca"."""
    with open_wheel("timm") as wheel:
        synsets = wheel.read(FOLDER + "imagenet_synsets.txt").decode().split()
        lines = wheel.read(FOLDER + "imagenet_synset_to_lemma.txt").decode().splitlines()
    words = dict(line.split("\t", 1) for line in lines)
    return [words[synset].split(",")[0].strip() for synset in synsets]
