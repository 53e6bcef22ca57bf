#!/usr/bin/env python3
"""Runs a command in a terminal of its own and writes what it printed, and when, as an asciicast (version 2).

Of the standard library alone, so that it runs in the virtual machine of the device tests as well.
"""

import argparse
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--columns", type=int, default=112)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--interrupt-after", type=float, metavar="SECONDS", help="press Ctrl-C then")
    parser.add_argument("--begin", default="", metavar="TEXT", help="what to wait for before the seconds count")
    parser.add_argument("output", help="the asciicast to write")
    parser.add_argument("command", help="for the shell")
    return record(parser.parse_args())


def record(options):
    process, terminal = pty.fork()
    if process == 0:
        os.environ["TERM"] = "xterm-256color"
        os.execvp("/bin/sh", ["sh", "-c", f"exec {options.command}"])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", options.rows, options.columns, 0, 0))
    began, seen, due = time.monotonic(), b"", None
    with open(options.output, "w", encoding="utf-8") as file:
        write(file, {"version": 2, "width": options.columns, "height": options.rows})
        write(file, [0, "o", f"$ {options.command}\r\n"])
        while True:
            now = time.monotonic()
            if due is not None and now >= due:
                os.kill(process, signal.SIGINT)
                due = float("inf")
            ready, _, _ = select.select([terminal], [], [], 0.1)
            if not ready:
                continue
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # the terminal's last user has gone
                break
            # A character cut in two is whole again with the next piece.
            seen += piece
            text, rest = whole(seen)
            write(file, [round(time.monotonic() - began, 3), "o", text])
            seen = rest
            if due is None and options.begin in text:
                due = float("inf") if options.interrupt_after is None else now + options.interrupt_after
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def whole(data):
    """The text that is there, and the bytes of a character that is not all there."""
    for length in range(len(data), max(len(data) - 4, -1), -1):
        try:
            return data[:length].decode(), data[length:]
        except UnicodeDecodeError:
            continue
    return data.decode(errors="replace"), b""


def write(file, line):
    file.write(json.dumps(line, ensure_ascii=False) + "\n")
    file.flush()


if __name__ == "__main__":
    sys.exit(main())
