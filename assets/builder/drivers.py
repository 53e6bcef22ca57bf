"""A software Vulkan driver, for tests of the WebGPU processor on machines without a GPU."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import places
from .failure import BuildError
from .sealed import is_intact, replacing_folder, write_seal

PACKAGE = "chromium-common"  # Debian's; it carries SwiftShader, which no package of its own does
DRIVER = "libvk_swiftshader.so"
ICD = "icd.json"  # what the Vulkan loader reads
SEAL = "driver.json"


class SoftwareVulkan:
    name = "vulkan-driver"

    def __init__(self):
        self.folder = places.data() / "lib" / self.name
        # apt checks the signature; Debian replaces the package with each security update, so no version is pinned.
        self.description = {"name": self.name, "package": PACKAGE, "license": "Apache-2.0"}

    def is_in_place(self):
        return is_intact(self.folder / SEAL, self.description, [DRIVER, ICD])

    def build(self, progress):
        progress(f"fetching SwiftShader out of Debian's {PACKAGE} (32 MB) …")
        with tempfile.TemporaryDirectory() as temporary, replacing_folder(self.folder) as folder:
            unpacked = fetch(PACKAGE, Path(temporary))
            drivers = list(unpacked.glob(f"usr/lib/*/{DRIVER}"))
            if not drivers:
                raise BuildError(f"{PACKAGE}: has no {DRIVER} any more; set VK_DRIVER_FILES to another software driver")
            shutil.copyfile(drivers[0], folder / DRIVER)
            icd = {"library_path": f"./{DRIVER}", "api_version": "1.1.0"}
            (folder / ICD).write_text(json.dumps({"file_format_version": "1.0.0", "ICD": icd}) + "\n")
            write_seal(folder / SEAL, self.description, [DRIVER, ICD])


def fetch(package, folder):
    """Downloads a Debian package and unpacks it, without installing it, into a folder that is given back."""
    # apt fetches as a user of its own when it is root, which may not write here.
    run("apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", package, cwd=folder)
    run("dpkg-deb", "-x", next(folder.glob("*.deb")), folder / "unpacked", cwd=folder)
    return folder / "unpacked"


def run(*command, cwd):
    try:
        done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True)
    except OSError as error:
        raise BuildError(f"{command[0]}: cannot be started: {error.strerror}")
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise BuildError(f"{' '.join(map(str, command))}: {lines[-1]}; run `apt-get update` as root and try again")
