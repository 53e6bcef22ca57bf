"""heed with its page, replaying a recording, as the tests and the pictures need it."""

import json
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".build/release/heed"
START_SECONDS = 60
STOP_SECONDS = 15


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Heed:
    """A replay that serves its page until it is left; its results are in a file of its own."""

    def __init__(self, recording, *options, port=None):
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._folder = tempfile.TemporaryDirectory(prefix="heed-page-")
        self._results = Path(self._folder.name) / "results.jsonl"
        self._log = open(Path(self._folder.name) / "log.txt", "w+")
        self._process = subprocess.Popen(
            [PROGRAM, "replay", recording, "--page", f"127.0.0.1:{self.port}", "--page-stay", "--learned",
             "none", "--results", self._results, *options], stdout=self._log, stderr=self._log, stdin=subprocess.DEVNULL)
        self._wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self._log.close()
        self._folder.cleanup()

    @property
    def pid(self):
        return self._process.pid

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise

    def state(self):
        with urllib.request.urlopen(f"{self.address}/api/state", timeout=5) as answer:
            return json.load(answer)

    def wait_for_end(self, seconds=60):
        end = time.monotonic() + seconds
        while not self.state()["ended"]:
            if time.monotonic() > end:
                raise TimeoutError(f"the replay did not end within {seconds} s")
            time.sleep(0.2)

    def results(self, stream):
        """The lines written for a stream; whole ones only."""
        text = self._results.read_text()
        lines = map(json.loads, text[:text.rfind("\n") + 1].splitlines())
        return [line for line in lines if line.get("stream", stream) == stream]

    def _wait(self):
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                return self.state()
            except (urllib.error.URLError, OSError, json.JSONDecodeError):
                pass
            if self._process.poll() is not None or time.monotonic() > end:
                self.stop()
                self._log.seek(0)
                raise RuntimeError(f"heed serves no page at {self.address}; it says:\n{self._log.read()}")
            time.sleep(0.1)
