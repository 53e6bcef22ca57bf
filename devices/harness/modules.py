"""Modules that Debian ships as source: built against the headers of the very kernel that is to load them."""

import shutil
import tempfile
from pathlib import Path

from . import debian
from .failure import DeviceTestError

# The module's name and the package of its source.
SOURCES = {"v4l2loopback": "v4l2loopback-dkms"}


def build(version, target):
    """Builds the modules for a kernel of Debian's, as files in the folder `target`."""
    # A folder without blanks in its name, which the kernel's makefiles could not bear.
    with tempfile.TemporaryDirectory(prefix="heed-modules-") as folder:
        folder = Path(folder)
        headers = f"linux-headers-{version}"
        others = [name for name in debian.dependencies(headers) if name.startswith(("linux-headers-", "linux-kbuild-"))]
        if not others:
            raise DeviceTestError(f"apt knows no {headers}; run `apt-get update` as root and try again")
        debian.unpack(debian.fetch([headers, *others, *SOURCES.values()], folder / "packages"), folder)
        tree = folder / "usr/src" / headers
        # It names the headers' place as it is once they are installed.
        makefile = tree / "Makefile"
        makefile.write_text(makefile.read_text().replace("/usr/src/", f"{folder}/usr/src/"))
        target.mkdir(parents=True)
        for module in SOURCES:
            source = next((folder / "usr/src").glob(f"{module}-*"))
            debian.call("make", "-s", "-C", tree, f"M={source}", "modules")
            shutil.copy(source / f"{module}.ko", target)
