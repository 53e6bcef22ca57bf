"""The Python environment the tool runs in, and the wheels it takes data from.

Everything in this file needs the standard library only.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from . import places
from .failure import BuildError
from .sealed import sha256

REQUIREMENTS = places.ASSETS / "requirements.txt"
PYTHON = (3, 11)
ENVIRONMENT_MEGABYTES = 350  # with what pip needs while it unpacks


@dataclass(frozen=True)
class Pins:
    """A list of packages, each of one version and hash."""
    path: Path
    megabytes: int  # to download
    words: str  # what it brings


PACKAGES = Pins(places.ASSETS / "packages.txt", 266, "weights, pictures and speech")


def enter():
    """Returns inside the environment: makes it where it is missing, then starts the program again in it."""
    folder = places.cache() / "python"
    if sys.prefix == str(folder):
        return
    if sys.version_info[:2] != PYTHON:
        wanted, found = ".".join(map(str, PYTHON)), platform.python_version()
        raise BuildError(f"{sys.executable} is Python {found}, but the pinned packages are for {wanted} (Debian 12's); "
                         f"run python{wanted} assets/{os.path.basename(sys.argv[0])}")
    stamp, wanted = folder / "heed.stamp", _fingerprint()
    if not stamp.is_file() or stamp.read_text() != wanted:
        _make(folder)
        stamp.write_text(wanted)
    python = str(folder / "bin" / "python3")
    sys.stdout.flush()
    os.execv(python, [python, *sys.argv])


def _fingerprint():
    # A virtual environment belongs to the interpreter it was made with.
    made_for = f"{sys.base_prefix} {platform.python_version()} {platform.machine()}\n"
    return hashlib.sha256(made_for.encode() + REQUIREMENTS.read_bytes()).hexdigest()


def _make(folder):
    _want_room(folder.parent, ENVIRONMENT_MEGABYTES)
    print(f"setup: making a Python environment in {folder} …", flush=True)
    made = _run([sys.executable, "-m", "venv", "--clear", str(folder)])
    if made.returncode:
        if "ensurepip is not available" in made.stdout + made.stderr:
            raise BuildError("python3 -m venv: not installed; sudo apt-get install python3-venv")
        raise BuildError(f"python3 -m venv {folder}: {_reason(made)}")
    print("setup: installing numpy, onnx, onnxruntime and Pillow …", flush=True)
    _pip([str(folder / "bin" / "python3"), "-m", "pip"], "install", REQUIREMENTS)


def fetch(pins=PACKAGES):
    """Downloads the wheels of a list that are not there yet, in one go, and checks each one's hash."""
    folder = places.cache() / "wheels"
    if all(_is_genuine(wheel, digest) for _, wheel, digest in _wheels(folder, pins)):
        return
    print(f"setup: downloading {pins.words} ({pins.megabytes} MB) into {folder} …", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    _want_room(folder, pins.megabytes)
    for _, wheel, digest in _wheels(folder, pins):
        if wheel and not _is_genuine(wheel, digest):
            wheel.unlink()  # cut off or altered; pip would keep it
    _pip([sys.executable, "-m", "pip"], "download", pins.path, "--dest", str(folder), "--only-binary", ":all:",
         "--python-version", ".".join(map(str, PYTHON)), "--implementation", "cp",
         *(f"--platform=manylinux{tag}_x86_64"
           for tag in ("_2_34", "_2_28", "_2_27", "_2_24", "2014", "2010", "1")))


def open_wheel(package, pins=PACKAGES):
    """The wheel of `package`, one of those in a list, as a zip file; it is what the list pins."""
    for name, wheel, digest in _wheels(places.cache() / "wheels", pins):
        if name == package and _is_genuine(wheel, digest):
            return zipfile.ZipFile(wheel)
    raise BuildError(f"{places.cache() / 'wheels'}: no wheel of {package} as pinned in {pins.path.name}; build again "
                     "to download it")


def _want_room(folder, megabytes):
    # venv and pip do not always say that the disk is full when it is.
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < megabytes:
        raise BuildError(f"{folder}: needs {megabytes} MB, and the disk has {free} MB left; "
                         "free some space and run again")


def _wheels(folder, pins):
    """Each package of a list, with its wheel in `folder` (or none) and the hash it must have."""
    pinned = re.findall(r"^(\w+)==(\S+) \\\n\s+--hash=sha256:(\w+)$", pins.path.read_text(), re.M)
    for name, version, digest in pinned:
        yield name, next(folder.glob(f"{name}-{version}-*.whl"), None), digest


def _is_genuine(wheel, digest):
    return wheel is not None and sha256(wheel) == digest


def _pip(pip, command, pins, *options):
    done = _run([*pip, command, "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--require-hashes",
                 *options, "-r", str(pins)])
    if done.returncode:
        raise BuildError(f"pip {command} -r {pins}: {_reason(done)}")


def _run(command):
    try:
        return subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise BuildError(f"{command[0]}: cannot be started: {error.strerror}")


def _reason(done):
    """The one line of what a failed program said that tells most, and what to do about it."""
    said = done.stderr + done.stdout
    if "No space left on device" in said:
        return "the disk is full; free some space and run again"
    if "DO NOT MATCH THE HASHES" in said:
        return "what was downloaded is not what is pinned (wrong hash); try again, and do not go round the check"
    if re.search(r"NewConnectionError|ConnectTimeout|ReadTimeout|Name or service not known|Temporary failure in name|"
                 r"Network is unreachable|ProxyError|Connection (refused|reset|broken)|Max retries|"
                 r"from versions: none", said):
        return "the package index cannot be reached; check the network (or pip's proxy settings) and run again"
    lines = [line for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or [f"failed with exit status {done.returncode}"])[0]
