"""Debian's packages, fetched through apt and unpacked without being installed."""

import subprocess

from .failure import DeviceTestError


def fetch(names, folder):
    """Downloads packages into an empty folder, which is made, and gives their files."""
    folder.mkdir(parents=True)
    # apt fetches as a user of its own when it is root, which may not write here.
    result = subprocess.run(
        ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", *names], cwd=folder, capture_output=True,
        text=True)
    packages = sorted(folder.glob("*.deb"))
    if result.returncode != 0 or len(packages) != len(names):
        reason = result.stderr.strip().splitlines()
        raise DeviceTestError(
            f"{' '.join(names)}: apt-get download failed: {reason[-1] if reason else result.returncode}; "
            "run `apt-get update` as root and try again")
    return packages


def dependencies(name):
    """The packages that a package depends on, in apt's order; none for a package that apt does not know."""
    listing = subprocess.run(["apt-cache", "depends", name], capture_output=True, text=True).stdout
    lines = [line.strip().partition("Depends: ") for line in listing.splitlines()]
    return [package for before, mark, package in lines if mark and not before]


def unpack(packages, folder):
    for package in packages:
        call("dpkg-deb", "-x", package, folder)


def call(*command):
    """Runs a command that must succeed."""
    try:
        subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise DeviceTestError(f"{command[0]} is not installed; run `make test-devices`, which installs it")
    except subprocess.CalledProcessError as error:
        raise DeviceTestError(f"{' '.join(map(str, command))}: {error.stderr.strip()}")
