#!/usr/bin/env python3
"""Builds what heed needs beside its program: model bundles, ONNX Runtime's library and the demo recording.

Starts on the standard library of Debian 12's Python alone, makes an environment with pinned packages, and goes on in
it. What is in place already, byte for byte, is left as it is.
"""

import argparse
import errno
import fcntl
import sys
import time
from pathlib import Path

from builder import environment, places
from builder.bundles import all_bundles
from builder.demo import Demo
from builder.drivers import SoftwareVulkan
from builder.extras import cuda, extras
from builder.failure import BuildError
from builder.runtime import Runtime
from builder.speech import own_bundles, speech_bundles, word_errors


# Fetch what they need themselves, and are built only when asked for.
OPTIONAL = ["extras", "cuda", "driver"]


def targets(kind):
    bundles, runtime, demo = all_bundles() + speech_bundles(), [Runtime()], [Demo()]
    return {"models": bundles, "runtime": runtime, "demo": demo, None: bundles + runtime + demo,
            "extras": extras(), "cuda": cuda(), "driver": [SoftwareVulkan()]}[kind]


def choose(kind, names):
    """The things to build: those of `kind`, or the bundles called `names`."""
    chosen = targets(kind)
    known = [bundle.name for bundle in targets("models")]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise BuildError(f"{unknown[0]}: no such bundle; known are {', '.join(known)}")
    return [target for target in chosen if target.name in names] if names else chosen


def build(chosen, kind):
    missing = [target for target in chosen if not target.is_in_place()]
    if missing:
        environment.enter()
        if kind not in OPTIONAL:
            environment.fetch()
    for number, target in enumerate(chosen, 1):
        def progress(message):
            print(f"[{number}/{len(chosen)}] {target.name}: {message}", flush=True)

        if target in missing:
            start = time.monotonic()
            target.build(progress)
            progress(f"done in {time.monotonic() - start:.1f} s: {target.folder}")
        else:
            progress("in place")


def show(chosen):
    for target in chosen:
        print(f"{target.name:24} {'in place' if target.is_in_place() else 'to build':10} {target.folder}")


def alone():
    """Waits until no other build runs; the lock goes with the process, and with the start in the environment."""
    places.cache().mkdir(parents=True, exist_ok=True)
    lock = open(places.cache() / "build.lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("setup: waiting for another build to end …", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def main():
    parser = argparse.ArgumentParser(
        description="Builds heed's model bundles, ONNX Runtime's library and the demo recording in the data folder.",
        epilog="Folders: $XDG_DATA_HOME/heed (default ~/.local/share/heed) for what is built, $XDG_CACHE_HOME/heed "
               "(default ~/.cache/heed) for downloads and the Python environment.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="bundles to build, such as efficientnet-lite0-int8")
    parser.add_argument("--only", choices=["models", "runtime", "demo", *OPTIONAL],
                        help="build only these; extras (OpenVINO, WebGPU), cuda, and driver (a software Vulkan driver for "
                             "tests) are built only when asked for")
    parser.add_argument("--weights", type=Path, metavar="FOLDER",
                        help="build speech bundles, called NAME, of your own weights: a Whisper that CTranslate2's "
                             "converter wrote (model.bin, config.json, tokenizer.json), or a Moonshine "
                             "(encoder_model.ort, decoder_model_merged.ort, tokenizer.bin)")
    parser.add_argument("--word-errors", metavar="WRONG/SAID", default=None,
                        help="with --weights: of how many words said they get how many wrong, such as 10/175, as "
                             "`heed transcribe --reference` counts; who chooses among recognisers goes by it")
    parser.add_argument("--list", action="store_true", help="show what is in place and what is not, and build nothing")
    options = parser.parse_args()
    if options.names and options.only not in (None, "models"):
        parser.error(f"NAME is a bundle, and --only {options.only} builds none")
    if options.weights and len(options.names) != 1:
        parser.error("--weights needs the one NAME to call the bundles by, such as whisper-small")
    if options.word_errors and not options.weights:
        parser.error("--word-errors is for bundles of --weights; the others state what was measured")
    try:
        errors = options.word_errors and word_errors(options.word_errors)
    except ValueError as error:
        parser.error(f"--word-errors {error}")
    try:
        if options.weights:
            chosen = own_bundles(options.weights.absolute(), options.names[0], errors)
        else:
            chosen = choose(options.only, options.names)
        if options.list:
            show(chosen)
        else:
            with alone():
                build(chosen, options.only)
    except BuildError as error:
        return str(error)
    except OSError as error:
        hint = "; free some space and run again" if error.errno == errno.ENOSPC else ""
        return f"{error.filename2 or error.filename or places.data()}: {error.strerror or error}{hint}"
    except KeyboardInterrupt:
        return "stopped; run again to go on where it was"


if __name__ == "__main__":
    failure = main()
    sys.exit(f"assets/build.py: {failure}" if failure else 0)
