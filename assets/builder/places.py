"""Where things lie: XDG base directories, and this folder's own files."""

import os
from pathlib import Path

from .failure import BuildError

ASSETS = Path(__file__).resolve().parent.parent


def _base(variable, fallback):
    value = os.environ.get(variable, "")
    if os.path.isabs(value):  # the XDG specification tells to ignore relative paths
        return Path(value) / "heed"
    try:
        return Path.home() / fallback / "heed"
    except RuntimeError:
        raise BuildError(f"no home folder is known; set {variable} to an absolute path")


def data():
    return _base("XDG_DATA_HOME", ".local/share")


def cache():
    return _base("XDG_CACHE_HOME", ".cache")
