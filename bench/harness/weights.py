"""The weights that bundles were made from, for peers that run the same."""

import json
import zipfile
from pathlib import Path

from .failure import BenchError
from .setup import cache


def weights(bundle, scratch):
    """A folder with what the bundle's maker had: out of the wheel that the bundle names, or the user's own."""
    origin = json.loads((bundle / "model.json").read_text())["origin"]
    if origin["version"] == "own":
        folder = Path(origin["package"])
        if not (folder / origin["file"]).is_file():
            raise BenchError(f"{folder / origin['file']}: {bundle.name} was made of it, and peers need it; put it back")
        return folder
    wheels = cache() / "wheels"
    found = sorted(wheels.glob(f"{origin['package']}-{origin['version']}-*.whl"))
    if not found:
        raise BenchError(f"{wheels}: no wheel of {origin['package']} {origin['version']}; run make assets")
    folder = Path(origin["file"]).parent
    with zipfile.ZipFile(found[0]) as wheel:
        wheel.extractall(scratch, [name for name in wheel.namelist() if Path(name).parent == folder])
    return scratch / folder
