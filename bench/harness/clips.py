"""Clips of speech with known words."""

import csv
import wave
from dataclasses import dataclass

from .failure import BenchError
from .setup import run

LABELS = "transcripts.tsv"


@dataclass
class Clip:
    name: str
    words: str
    sound: str
    """The clip as all systems get it: a WAV file, mono, 16 kHz, 16 bits."""
    seconds: float


def clips(folder, scratch):
    """The clips of a folder with a transcripts.tsv: a line with names of columns, then file and words of each."""
    with open(folder / LABELS, newline="") as file:
        lines = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    found = []
    for number, line in enumerate(lines, 2):
        if len(line) < 2 or not (folder / line[0]).is_file():
            raise BenchError(f"{folder / LABELS}:{number}: wants the name of a file in the folder, a tab, its words")
        name, words = line[:2]
        sound = str(scratch / f"{number}.wav")
        run(["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", str(folder / name), "-ac", "1", "-ar", "16000",
             "-c:a", "pcm_s16le", sound])
        with wave.open(sound) as file:
            found.append(Clip(name, words, sound, file.getnframes() / file.getframerate()))
    if not found:
        raise BenchError(f"{folder / LABELS}: names no clips")
    return found
