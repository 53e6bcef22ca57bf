"""Debian's own kernel, with the modules of the virtual devices: fetched through apt once, then kept."""

import lzma
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path

from . import debian, modules
from .failure import DeviceTestError, Unavailable

# What the guest cannot start without, and what it may be asked to load.
BOOT_MODULES = ["virtio_pci", "virtio_console", "9pnet_virtio", "9p", "overlay"]
DEVICE_MODULES = [
    "vivid", "videodev", "snd-aloop", "snd-dummy", "uvcvideo", "dummy_hcd", "libcomposite", "usb_f_uvc", "usb_f_uac2"]
META_PACKAGE = "linux-image-amd64"


@dataclass
class Kernel:
    folder: Path

    @property
    def version(self):
        return (self.folder / "version").read_text().strip()

    @property
    def image(self):
        """The kernel as QEMU starts it: unpacked where we can, for emulated unpacking is slow."""
        unpacked = self.folder / "vmlinux"
        return unpacked if unpacked.exists() else self.folder / "vmlinuz"

    @property
    def modules(self):
        return self.folder / "lib/modules" / self.version


def kernel(cache, say):
    """The kernel in the cache folder, which it is put into first when it is not there."""
    folder = cache / "kernel"
    stamp = " ".join([META_PACKAGE, *BOOT_MODULES, *DEVICE_MODULES, *modules.SOURCES])
    if not (folder / "stamp").exists() or (folder / "stamp").read_text() != stamp:
        scratch = cache / "kernel.new"
        shutil.rmtree(scratch, ignore_errors=True)
        try:
            package = _fetch(scratch, say)
            say(f"unpacking {package.name}")
            _unpack(package, scratch / "package", scratch / "kernel")
            (scratch / "kernel/stamp").write_text(stamp)
            shutil.rmtree(folder, ignore_errors=True)
            (scratch / "kernel").rename(folder)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return Kernel(folder)


def _fetch(folder, say):
    # The package of the kernel that the meta package stands for today.
    name = next((name for name in debian.dependencies(META_PACKAGE) if name.startswith("linux-image-")), None)
    if name is None:
        raise Unavailable(f"apt knows no {META_PACKAGE}; run `apt-get update` as root, on Debian for x86-64")
    say(f"fetching {name} (about 70 MB, once) and the headers to build {', '.join(modules.SOURCES)}")
    return debian.fetch([name], folder)[0]


def _unpack(package, whole, kept):
    debian.unpack([package], whole)
    tree = next(path for path in (whole / "lib/modules", whole / "usr/lib/modules") if path.is_dir())
    version = next(tree.iterdir()).name
    if tree != whole / "lib/modules":
        (whole / "lib").mkdir(exist_ok=True)
        tree.rename(whole / "lib/modules")
    modules.build(version, whole / "lib/modules" / version / "extra")
    debian.call("/sbin/depmod", "-b", whole, version)
    source, target = whole / "lib/modules" / version, kept / "lib/modules" / version
    target.mkdir(parents=True)
    for path in _with_dependencies(source, [*BOOT_MODULES, *DEVICE_MODULES, *modules.SOURCES]):
        _copy_module(source / path, target / path)
    for name in ("modules.order", "modules.builtin", "modules.builtin.modinfo"):
        shutil.copy(source / name, target / name)
    debian.call("/sbin/depmod", "-b", kept, version)
    image = whole / "boot" / f"vmlinuz-{version}"
    shutil.copy(image, kept / "vmlinuz")
    unpacked = _decompressed(image.read_bytes())
    if unpacked is not None:
        (kept / "vmlinux").write_bytes(unpacked)
    (kept / "version").write_text(version + "\n")


def _with_dependencies(tree, names):
    """The files of these modules and of all that they need, relative to the tree."""
    needs = {}
    for line in (tree / "modules.dep").read_text().splitlines():
        path, _, others = line.partition(":")
        needs[path] = others.split()
    by_name = {Path(path).name.split(".ko")[0].replace("_", "-"): path for path in needs}
    built_in = {Path(line).name.split(".ko")[0].replace("_", "-")
                for line in (tree / "modules.builtin").read_text().split()}
    wanted = set()
    for name in (name.replace("_", "-") for name in names):
        if name in by_name:
            wanted |= {by_name[name], *needs[by_name[name]]}
        elif name not in built_in:
            raise DeviceTestError(f"{tree.name}: the kernel has no module {name}; these tests want Debian's own kernel")
    return sorted(wanted)


def _copy_module(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".xz":  # Debian 13
        target.with_suffix("").write_bytes(lzma.decompress(source.read_bytes()))
    else:
        shutil.copy(source, target)


def _decompressed(image):
    """The ELF kernel inside a bootable image; None when it is packed in a way that Python's library does not know."""
    packings = [
        (b"\xfd7zXZ\x00", lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ).decompress),
        (b"\x1f\x8b\x08", lambda: zlib.decompressobj(31).decompress),
    ]
    for magic, decompressor in packings:
        start = image.find(magic)
        while start >= 0:
            try:
                unpacked = decompressor()(image[start:])
            except (lzma.LZMAError, zlib.error):
                unpacked = b""
            if unpacked[:4] == b"\x7fELF":
                return unpacked
            start = image.find(magic, start + 1)
    return None
