"""The command lines of devices/run and devices/in-machine."""

import argparse
import signal
import sys
from pathlib import Path

from . import cases
from .failure import DeviceTestError, OutOfTime, Unavailable
from .machine import CAMERA, SOUND_CARD, Machine, Settings

FAILED, LATE = 125, 124


def run_cases():
    parser = argparse.ArgumentParser(
        prog="devices/run", description="Runs heed's release binary against the kernel's virtual camera and sound "
        "card, each case of devices/cases in a virtual machine of its own.")
    parser.add_argument("names", nargs="*", metavar="CASE", help="the cases to run (default: all)")
    parser.add_argument("--list", action="store_true", help="only say what there is")
    options = parser.parse_args()
    return _reporting("devices/run", lambda: _run_cases(options))


def _run_cases(options):
    chosen = cases.named(options.names)
    if options.list:
        width = max(len(case.name) for case in chosen)
        print("\n".join(f"{case.name:{width}}  {case.behaviour}" for case in chosen))
        return 0
    machine = Machine(_say)
    print(f"devices: Linux {machine.version} in a virtual machine, on {machine.acceleration}", flush=True)
    failed = [case.name for case in cases.failing(chosen, machine)]
    if failed:
        print(f"devices: {len(failed)} of {len(chosen)} cases failed: {' '.join(failed)}", flush=True)
    return 1 if failed else 0


def run_command():
    parser = argparse.ArgumentParser(
        prog="devices/in-machine", description="Runs one command in a virtual machine that has a virtual camera "
        "(/dev/video0) and a loopback sound card. The command sees this machine's files, and what it writes is lost, "
        "except in shared folders. The exit status is the command's; 124: out of time; 125: the machine failed.")
    parser.add_argument("command", metavar="COMMAND")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT")
    parser.add_argument("--share", action="append", default=[], type=Path, metavar="FOLDER",
                        help="a folder that the command may change, under the same path")
    parser.add_argument("--environment", action="append", default=[], metavar="NAME=VALUE", help="a variable to set")
    parser.add_argument("--module", action="append", default=[], metavar="'NAME PARAMETER=VALUE'",
                        help="a module to load in place of vivid and snd-aloop")
    parser.add_argument("--seconds", type=float, default=300, help="give up after this long (default: 300)")
    parser.add_argument("--memory", type=int, default=2048, metavar="MIB", help="the guest's memory (default: 2048)")
    parser.add_argument("--processors", type=int, default=1, metavar="N", help="the guest's processors (default: 1)")
    parser.add_argument("--counted-clock", action="store_true",
                        help="let the guest's clock count its instructions: slow, but as on a processor that keeps up")
    return _reporting("devices/in-machine", lambda: _run_command(parser.parse_args()))


def _run_command(options):
    for folder in options.share:
        if not folder.is_dir():
            raise DeviceTestError(f"{folder}: no such folder to share")
    settings = Settings(
        modules=options.module or [CAMERA, SOUND_CARD], shared=[folder.resolve() for folder in options.share],
        variables=dict(pair.partition("=")[::2] for pair in options.environment), seconds=options.seconds,
        memory_mib=options.memory, processors=options.processors, counts=options.counted_clock)
    command = [options.command, *options.arguments]
    return Machine(_say).run(command, settings, sys.stdout.buffer, sys.stderr.buffer)


def _reporting(program, work):
    # The machine and its files go when the stack is left, so a signal must become an exception.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    signal.signal(signal.SIGHUP, lambda number, frame: sys.exit(128 + number))
    try:
        return work()
    except OutOfTime as error:
        print(f"{program}: {error}", file=sys.stderr)
        return LATE
    except Unavailable as error:
        print(f"{program}: SKIPPED, nothing was tested: {error}", file=sys.stderr)
        return cases.SKIPPED
    except DeviceTestError as error:
        print(f"{program}: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return 130


def _say(message):
    print(f"devices: {message}", file=sys.stderr, flush=True)
