"""The file system that the guest starts from: busybox, the kernel's modules and init.sh, as a cpio archive."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

from .failure import DeviceTestError
from .kernel import BOOT_MODULES

INIT = Path(__file__).with_name("init.sh")


def initramfs(cache, kernel):
    """The archive in the cache folder, built anew when it is older than what goes into it."""
    archive = cache / "initramfs"
    busybox = _busybox()
    sources = [busybox, INIT, Path(__file__), kernel.folder / "stamp"]
    if not archive.exists() or any(archive.stat().st_mtime < source.stat().st_mtime for source in sources):
        scratch = archive.with_suffix(".new")
        # Not compressed: emulated unpacking costs more than reading the bytes.
        with scratch.open("wb") as file:
            _write(file, kernel, busybox)
        scratch.rename(archive)
    return archive


def _busybox():
    path = shutil.which("busybox")
    if path is None:
        raise DeviceTestError("busybox is not installed; run `make test-devices`, which installs busybox-static")
    # The guest starts it before there is any library.
    listing = subprocess.run(["ldd", path], capture_output=True, text=True)
    if listing.returncode == 0 and "not a dynamic executable" not in listing.stdout + listing.stderr:
        raise DeviceTestError(f"{path} is not linked statically; install busybox-static in place of busybox")
    return Path(path)


def _write(file, kernel, busybox):
    archive = _Archive(file)
    archive.add("bin/busybox", busybox.read_bytes(), 0o755)
    archive.add("init", INIT.read_bytes(), 0o755)
    archive.add("boot-modules", "\n".join(BOOT_MODULES).encode() + b"\n", 0o644)
    for path in sorted(kernel.modules.rglob("*")):
        if path.is_file():
            archive.add(str(path.relative_to(kernel.folder)), path.read_bytes(), 0o644)
    archive.close()


class _Archive:
    """Writes the kernel's "newc" format (Documentation/driver-api/early-userspace/buffer-format.rst)."""

    def __init__(self, file):
        self._file = file
        self._folders = set()
        self._count = 0

    def add(self, name, content, mode):
        for parent in reversed([str(parent) for parent in Path(name).parents if str(parent) != "."]):
            if parent not in self._folders:
                self._folders.add(parent)
                self._entry(parent, b"", stat.S_IFDIR | 0o755)
        self._entry(name, content, stat.S_IFREG | mode)

    def close(self):
        self._entry("TRAILER!!!", b"", 0)

    def _entry(self, name, content, mode):
        self._count += 1
        encoded = os.fsencode(name) + b"\0"
        fields = [self._count, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(encoded), 0]
        self._padded(b"070701" + b"".join(b"%08X" % field for field in fields) + encoded)
        self._padded(content)

    def _padded(self, content):
        self._file.write(content + b"\0" * (-len(content) % 4))
