"""ONNX Runtime's shared library, which heed loads at run time, taken from the wheel the tool itself runs on."""

import os
import shutil
import sysconfig
from pathlib import Path

from . import places
from .failure import BuildError
from .sealed import is_intact, replacing_files, write_seal

VERSION = "1.31.1"
LIBRARY = f"libonnxruntime.so.{VERSION}"
LINK = "libonnxruntime.so"
SEAL = "onnxruntime.json"
SOURCES = {  # where each lies in the wheel
    LIBRARY: f"capi/{LIBRARY}",
    "onnxruntime-LICENSE": "LICENSE",
    "onnxruntime-ThirdPartyNotices.txt": "ThirdPartyNotices.txt",
}


class Runtime:
    name = "onnxruntime"

    def __init__(self):
        self.folder = places.data() / "lib"
        self.description = {"name": self.name, "version": VERSION, "license": "MIT", "machine": os.uname().machine}

    def is_in_place(self):
        link = self.folder / LINK
        return (link.is_symlink() and os.readlink(link) == LIBRARY
                and is_intact(self.folder / SEAL, self.description, list(SOURCES)))

    def build(self, progress):
        progress(f"installing {LIBRARY} …")
        wheel = Path(sysconfig.get_path("platlib")) / "onnxruntime"
        with replacing_files(self.folder, [*SOURCES, LINK, SEAL]) as folder:
            for name, source in SOURCES.items():
                if not (wheel / source).is_file():
                    raise BuildError(f"{wheel / source}: not in the onnxruntime {VERSION} wheel; delete "
                                     f"{places.cache() / 'python'} and build again")
                shutil.copyfile(wheel / source, folder / name)
            os.symlink(LIBRARY, folder / LINK)
            write_seal(folder / SEAL, self.description, list(SOURCES))
