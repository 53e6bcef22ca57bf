"""A virtual machine that runs one command against the kernel's virtual camera and sound card."""

import contextlib
import fcntl
import os
import platform
import shlex
import shutil
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

from .failure import DeviceTestError, OutOfTime, Unavailable
from .initramfs import initramfs
from .kernel import kernel

# One capture node, /dev/video0, with the webcam's formats; all controls that break it on purpose are there.
CAMERA = "vivid n_devs=1 node_types=0x1 num_inputs=1 input_types=0x0 vid_cap_nr=0 multiplanar=1"
# What is played into hw:Loopback,0 comes out of hw:Loopback,1.
SOUND_CARD = "snd-aloop index=0 id=Loopback pcm_substreams=2"
# On such a clock an emulated processor is as quick as a real one of a billion instructions a second, however long it
# takes: what must keep up with the devices does. It has no second processor.
COUNTING = ["-accel", "tcg,thread=single,tb-size=512", "-cpu", "max,la57=off", "-icount", "shift=0"]
# Such a guest waits for no one, and gives way to one that keeps real time.
LAST = ["nice", "-n", "19"]
PASSED_ON = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "XDG_DATA_HOME", "XDG_CACHE_HOME", "CI"]


@dataclass
class Settings:
    modules: list = field(default_factory=lambda: [CAMERA, SOUND_CARD])
    shared: list = field(default_factory=list)
    variables: dict = field(default_factory=dict)
    # Whether every user of the guest may open the devices.
    open_devices: bool = True
    seconds: float = 300
    memory_mib: int = 2048
    # With a second processor an emulated guest is slower, not quicker.
    processors: int = 1
    # Whether the guest's clock counts its instructions, one a nanosecond, while it is at work.
    counts: bool = False


class Machine:
    """What all runs share: the emulator, the kernel and the file system it starts from."""

    def __init__(self, say=lambda message: None):
        if platform.machine() != "x86_64":
            raise Unavailable(f"{platform.machine()}: device tests want an x86-64 machine")
        self._emulator = shutil.which("qemu-system-x86_64")
        if self._emulator is None:
            raise Unavailable(
                "qemu-system-x86_64 is not installed; run `make test-devices`, or as root "
                "`apt-get install --no-install-recommends $(cat devices/debian-packages.txt)`")
        cache = _cache()
        with (cache / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._kernel = kernel(cache, say)
            self._initramfs = initramfs(cache, self._kernel)
        self.acceleration, self._accelerator = _accelerator()
        self._emulators = set()

    @property
    def version(self):
        return self._kernel.version

    @property
    def guests(self):
        """How many guests whose clock counts this machine runs at once, beside one that keeps real time."""
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        return max(1, min(len(os.sched_getaffinity(0)), free // (3 << 30) - 1))

    def stop(self):
        """Ends all guests that other threads run."""
        for process in list(self._emulators):
            process.terminate()

    def run(self, command, settings, output, errors):
        """Runs a command in the guest, in the present folder, and gives its exit status.

        What it writes goes to the binary streams `output` and `errors`. The machine is gone when this returns.
        """
        with tempfile.TemporaryDirectory(prefix="heed-machine-") as folder:
            job = Path(folder) / "job"
            job.mkdir()
            _describe(job, command, settings)
            with _relay(output) as output_port, _relay(errors) as errors_port:
                late = self._start(Path(folder), settings, output_port, errors_port)
            return _status(Path(folder), settings, late)

    def _start(self, folder, settings, output_port, errors_port):
        """Starts the guest and waits for its end; whether its time was over before."""
        command = [self._emulator, *self._arguments(folder, settings, output_port, errors_port)]
        if settings.counts:
            command = LAST + command
        try:
            with (folder / "emulator").open("wb") as log:
                process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(output_port, errors_port))
        finally:  # only the emulator writes
            os.close(output_port)
            os.close(errors_port)
        self._emulators.add(process)
        try:
            process.wait(settings.seconds)
            return False
        except subprocess.TimeoutExpired:
            return True
        finally:
            _end(process)
            self._emulators.discard(process)

    def _arguments(self, folder, settings, output_port, errors_port):
        accelerator = COUNTING if settings.counts else self._accelerator
        arguments = [
            *accelerator, "-machine", "pc", "-smp", str(settings.processors), "-m", str(settings.memory_mib),
            "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-monitor", "none",
            "-serial", f"file:{folder}/console", "-kernel", str(self._kernel.image), "-initrd", str(self._initramfs),
            "-append", "console=ttyS0 loglevel=4 panic=-1 mitigations=off nokaslr random.trust_cpu=on no_timer_check",
            "-device", "virtio-serial-pci"]
        for name, port in (("output", output_port), ("errors", errors_port)):
            arguments += ["-chardev", f"file,id={name},path=/proc/self/fd/{port},append=on",
                          "-device", f"virtserialport,chardev={name},name={name}"]
        shares = [("host", "/", ",readonly=on"), ("job", folder / "job", "")]
        shares += [(f"shared{number}", path, "") for number, path in enumerate(settings.shared)]
        for name, path, mode in shares:
            arguments += ["-fsdev", f"local,id={name},path={path},security_model=none,multidevs=remap{mode}",
                          "-device", f"virtio-9p-pci,fsdev={name},mount_tag={name}"]
        return arguments


def _cache():
    base = os.environ.get("XDG_CACHE_HOME", "")
    folder = (Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "heed/virtual-machine"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _accelerator():
    """How the guest's instructions run, in words and as the emulator's arguments."""
    flags = Path("/proc/cpuinfo").read_text().split()
    # A kernel that only lends guests made for it (kvm_pvm) has a /dev/kvm too, but does not start Debian's kernel.
    virtualizes = ("vmx" in flags or "svm" in flags) and not Path("/sys/module/kvm_pvm").exists()
    if virtualizes and os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "KVM", ["-accel", "kvm", "-cpu", "host"]
    return ("an emulated processor, for /dev/kvm cannot be used here: slower, but it works",
            ["-accel", "tcg,thread=multi,tb-size=512", "-cpu", "max,la57=off"])


def _describe(job, command, settings):
    """Writes what init.sh reads."""
    for path in settings.shared:
        if "," in str(path) or "\n" in str(path):
            raise DeviceTestError(f"{path}: a shared folder's name must hold neither a comma nor a line break")
    variables = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | settings.variables
    words = ["exec", "env", "-i", *(f"{name}={value}" for name, value in variables.items()), *map(str, command)]
    (job / "settings").write_text(
        f"open_devices={'yes' if settings.open_devices else ''}\nworking_folder={shlex.quote(os.getcwd())}\n")
    (job / "modules").write_text("".join(line + "\n" for line in settings.modules))
    (job / "shared").write_text("".join(f"{path}\n" for path in settings.shared))
    (job / "command").write_text(f"cd {shlex.quote(os.getcwd())} || exit 125\n{shlex.join(words)}\n")


@contextlib.contextmanager
def _relay(stream):
    """A port whose reader copies all that comes to a stream, until every writer has closed it."""
    reader, port = os.pipe()

    def copy():
        with open(reader, "rb", buffering=0) as source:
            while chunk := source.read(65536):
                stream.write(chunk)
                stream.flush()

    thread = threading.Thread(target=copy, daemon=True)
    thread.start()
    try:
        yield port
    finally:
        thread.join(5)


def _end(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _status(folder, settings, late):
    status = _text(folder / "job/status").strip()
    console = _text(folder / "console").strip().splitlines()[-8:]
    if late:
        raise OutOfTime("\n".join([f"still at work after {settings.seconds:g} s", *console]))
    failure = _text(folder / "job/failure").strip()
    if failure:
        raise DeviceTestError("\n".join([f"the guest: {failure}", *_text(folder / "job/dmesg").splitlines()[-8:]]))
    if not status.isdigit():
        said = _text(folder / "emulator").strip()
        raise DeviceTestError("\n".join([f"the guest ended without a word: {said}", *console]))
    return int(status)


def _text(path):
    return path.read_text(errors="replace") if path.exists() else ""
