"""Tests of the extra processors' set-up: python3 -m unittest discover assets/tests."""

import contextlib
import dataclasses
import io
import os
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock

ASSETS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ASSETS))

from builder import drivers, environment, extras  # noqa: E402
from builder.failure import BuildError  # noqa: E402
from builder.sealed import sha256  # noqa: E402


class Extras(unittest.TestCase):
    """A list with one wheel, in folders of the test's own."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(mock.patch.dict(os.environ, XDG_DATA_HOME=str(self.folder / "data"),
                                          XDG_CACHE_HOME=str(self.folder / "cache")))
        self.wheel = self.folder / "cache/heed/wheels/some_engine-1.0-py3-none-any.whl"
        self.wheel.parent.mkdir(parents=True)
        with zipfile.ZipFile(self.wheel, "w") as wheel:
            wheel.writestr("some_engine/libs/libengine.so.1", b"engine" * 100)
            wheel.writestr("some_engine-1.0.dist-info/licenses/LICENSE", b"free")
        self.pins = environment.Pins(self.folder / "pins.txt", 1, "some engine")
        self.pins.path.write_text(f"some_engine==1.0 \\\n    --hash=sha256:{sha256(self.wheel)}\n")
        self.extra = extras.Extra("engine", "1.0", "MIT", self.pins, [
            ("some_engine", ["some_engine/libs/*.so.*", "some_engine-*.dist-info/licenses/LICENSE"]),
        ], {"libengine.so": "libengine.so.1"})

    def build(self):
        self.extra.build(lambda message: None)

    def test_what_was_built_is_in_place_with_its_link_and_license(self):
        self.assertFalse(self.extra.is_in_place())
        self.build()
        self.assertTrue(self.extra.is_in_place())
        self.assertEqual((self.extra.folder / "libengine.so").read_bytes(), b"engine" * 100)
        self.assertEqual((self.extra.folder / "some_engine-LICENSE").read_text(), "free")

    def test_a_library_that_is_cut_off_or_gone_is_seen(self):
        self.build()
        library = self.extra.folder / "libengine.so.1"
        library.write_bytes(library.read_bytes()[:10])
        self.assertFalse(self.extra.is_in_place())
        self.build()
        library.unlink()
        self.assertFalse(self.extra.is_in_place())

    def test_another_version_is_built_again(self):
        self.build()
        self.assertFalse(dataclasses.replace(self.extra, version="1.1").is_in_place())

    def test_a_wheel_that_is_not_what_is_pinned_is_fetched_anew_and_never_unpacked(self):
        self.wheel.write_bytes(self.wheel.read_bytes()[:-20])
        with mock.patch.object(environment, "_pip") as pip, contextlib.redirect_stdout(io.StringIO()):
            with self.assertRaisesRegex(BuildError, "no wheel of some_engine as pinned"):
                self.build()
        self.assertEqual(pip.call_args.args[:3], ([sys.executable, "-m", "pip"], "download", self.pins.path))
        self.assertFalse(self.extra.folder.exists())

    def test_a_wheel_without_the_library_leaves_nothing_half_built(self):
        for change in [{"links": {"libother.so": "libother.so.1"}}, {"wheels": [("some_engine", ["none/*"])]}]:
            extra = dataclasses.replace(self.extra, **change)
            with self.assertRaisesRegex(BuildError, "has no"):
                extra.build(lambda message: None)
            self.assertFalse(extra.folder.exists())

    def test_every_package_that_is_taken_from_is_pinned(self):
        for extra in extras.extras() + extras.cuda():
            pinned = extra.pins.path.read_text()
            for package, _ in extra.wheels:
                self.assertRegex(pinned, rf"(?m)^{package}==\S+ \\\n +--hash=sha256:[0-9a-f]{{64}}$")


class Driver(unittest.TestCase):
    def test_a_package_that_apt_does_not_have_is_one_clear_line(self):
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaisesRegex(BuildError, "apt-get.*no-such-package.*run `apt-get update`"):
                drivers.fetch("no-such-package-of-heed", Path(folder))

    def test_a_package_without_the_driver_leaves_nothing_half_built(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, XDG_DATA_HOME=folder), \
                mock.patch.object(drivers, "fetch", return_value=Path(folder)):
            driver = drivers.SoftwareVulkan()
            with self.assertRaisesRegex(BuildError, "libvk_swiftshader.so any more"):
                driver.build(lambda message: None)
            self.assertFalse(driver.is_in_place())
            self.assertFalse(driver.folder.exists())


if __name__ == "__main__":
    unittest.main()
