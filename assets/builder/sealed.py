"""Folders and files that appear complete or not at all, and whose every byte is accounted for."""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_seal(path, description, files):
    """Writes `description` and the SHA-256 of each of `files`, which lie in the same folder, as JSON to `path`."""
    hashes = {name: sha256(path.parent / name) for name in files}
    path.write_text(json.dumps({**description, "files": hashes}, indent=2) + "\n")


def is_intact(path, description, files):
    """Whether the seal at `path` was written for `description` and each of `files` is still what was sealed."""
    try:
        seal = json.loads(path.read_text())
        hashes = seal.pop("files")
        return (seal == description and sorted(hashes) == sorted(files)
                and all(sha256(path.parent / name) == hashes[name] for name in files))
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return False


@contextlib.contextmanager
def replacing_folder(folder):
    """A temporary folder that takes the place of `folder` once it is complete."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _temporary_folder(folder) as temporary:
        complete = temporary / "new"
        complete.mkdir()
        yield complete
        if folder.exists():
            os.rename(folder, temporary / "old")
        os.rename(complete, folder)


@contextlib.contextmanager
def replacing_files(folder, names):
    """A temporary folder whose files `names` are moved into `folder`, in that order, once they are complete."""
    folder.mkdir(parents=True, exist_ok=True)
    with _temporary_folder(folder / "files") as temporary:
        yield temporary
        for name in names:
            os.rename(temporary / name, folder / name)


@contextlib.contextmanager
def _temporary_folder(beside):
    for left in beside.parent.glob(f".{beside.name}-*"):
        shutil.rmtree(left, ignore_errors=True)  # by a build that was killed
    folder = Path(tempfile.mkdtemp(prefix=f".{beside.name}-", dir=beside.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
