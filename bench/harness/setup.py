"""Gets ready what the measurements need: the peers' Python, heed's release build and its data."""

import hashlib
import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .failure import BenchError

BENCH = Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
PEERS = BENCH / "peers"
REQUIREMENTS = PEERS / "requirements.txt"
# What results and table name the versions of, and as what.
PACKAGES = {
    "onnxruntime": "onnxruntime", "numpy": "NumPy", "opencv-python-headless": "OpenCV", "pillow": "Pillow",
    "faster-whisper": "faster-whisper", "ctranslate2": "CTranslate2", "pywhispercpp": "pywhispercpp",
    "moonshine-voice": "Moonshine Voice",
}


@dataclass
class Bench:
    """What every measurement gets."""

    data: Path
    scratch: Path

    @cached_property
    def python(self):
        """The peers' Python, made when the first peer is asked for."""
        return _python()

    @property
    def versions(self):
        """Of heed, and of what peers were run so far."""
        return _versions(self.__dict__.get("python"))

    @cached_property
    def heed(self):
        """heed's release build, made when a measurement first asks for it."""
        return _build("heed", ROOT)

    @cached_property
    def heed_bench(self):
        """The release build of heed's side of the measurements, likewise."""
        return _build("heed-bench", BENCH)

    @property
    def demo(self):
        return str(self.data / "recordings" / "demo.mkv")

    @property
    def bundles(self):
        """The folders of the bundles that classify images, by name."""
        return self._bundles("image-classification")

    @property
    def speech_bundles(self):
        """The folders of the bundles that recognise speech, by name."""
        return self._bundles("speech-recognition")

    def _bundles(self, task):
        manifests = sorted((self.data / "models").glob("*/model.json"))
        return [path.parent for path in manifests if json.loads(path.read_text())["task"] == task]

    def bundle(self, name):
        return str(self.data / "models" / name)

    def peer(self, name, *arguments):
        """The command that starts a peer."""
        return [self.python, str(PEERS / f"{name}.py"), *map(str, arguments)]

    def replay(self, *arguments):
        """The command that starts heed on a recording's frames, with a profile of this run's own."""
        return [self.heed, "replay", "--stream", "frames", "--profile", str(self.profile), *map(str, arguments)]

    def captions(self, *arguments):
        """The command that starts heed on a recording's speech, with a profile of this run's own."""
        return [self.heed, "replay", "--stream", "speech", "--profile", str(self.profile), *map(str, arguments)]

    @cached_property
    def profile(self):
        """Every candidate, measured now: another time's profile may have been measured on a busy machine."""
        print("setup: measuring the recognizers (heed profile) …", flush=True)
        path = self.scratch / "profile.json"
        run([self.heed, "profile", "--profile", str(path)])
        return path


def prepare(scratch):
    data = _folder("XDG_DATA_HOME", ".local/share") / "heed"
    for wanted in ("models", "lib/libonnxruntime.so", "recordings/demo.mkv"):
        if not (data / wanted).exists():
            raise BenchError(f"{data / wanted}: not there; run make assets")
    return Bench(data=data, scratch=scratch)


def run(command, **options):
    """Runs a program to its end and gives what it printed."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, **options)
    except OSError as error:
        raise BenchError(f"{command[0]}: cannot be started: {error.strerror}")
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["without a word"]
        raise BenchError(f"{' '.join(command)}: ended with {done.returncode}: {said[-1]}")
    return done.stdout


def cache():
    """Where what can be made or fetched again is kept."""
    return _folder("XDG_CACHE_HOME", ".cache") / "heed"


def _folder(variable, default):
    return Path(os.environ.get(variable) or Path.home() / default)


def _build(product, package):
    print(f"setup: building {product} (release) …", flush=True)
    run(["swift", "build", "-c", "release", "--package-path", str(package), "--product", product])
    return str(package / ".build/release" / product)


def _python():
    """A Python with the pinned packages, made when it is not there or the pins have changed."""
    folder = cache() / "bench-python"
    made_for = f"{sys.base_prefix} {platform.python_version()} {platform.machine()}\n"
    wanted = hashlib.sha256(made_for.encode() + REQUIREMENTS.read_bytes()).hexdigest()
    stamp, python = folder / "heed.stamp", str(folder / "bin" / "python3")
    if not stamp.is_file() or stamp.read_text() != wanted:
        print(f"setup: making the peers' Python environment in {folder} …", flush=True)
        run([sys.executable, "-m", "venv", "--clear", str(folder)])
        run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps",
             "--require-hashes", "--find-links", str(cache() / "wheels"), "-r", str(REQUIREMENTS)])
        stamp.write_text(wanted)
    return python


def _versions(python):
    ask = "import importlib.metadata as m, json; print(json.dumps({p: m.version(p) for p in %r}))" % (list(PACKAGES),)
    swift = run(["swift", "--version"]).splitlines()[0]
    git, product = ["git", "-C", str(ROOT)], ["--", "Sources", "Package.swift"]
    commit = run([*git, "log", "-1", "--format=%h", *product]).strip()
    changed = " with changes" if run([*git, "status", "--porcelain", *product]) else ""
    packages = json.loads(run([python, "-c", ask])) if python else {}
    return {"heed": commit + changed, "swift": swift, "python": platform.python_version(), **packages}
