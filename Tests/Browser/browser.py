"""Debian's chromium without a window, driven by its DevTools protocol over a pipe. Standard library only."""

import base64
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

ANSWER_SECONDS = 30


class BrowserError(Exception):
    """The browser refused a command, or does not answer."""


class Browser:
    """One page of a fresh profile; keeps every request, console message and exception of it."""

    def __init__(self, program="chromium", width=1280, height=900):
        self.requests, self.complaints = [], []
        self._profile = tempfile.mkdtemp(prefix="heed-browser-")
        self._answers, self._next, self._session = {}, 0, None
        # Chromium reads commands from descriptor 3 and writes answers to 4.
        reads, self._commands = os.pipe()
        self._replies, writes = os.pipe()
        options = ["--headless=new", "--remote-debugging-pipe", f"--user-data-dir={self._profile}", "--no-first-run",
                   "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu",
                   "--hide-scrollbars", "--mute-audio", "--disable-dev-shm-usage"]
        if os.geteuid() == 0:
            options.append("--no-sandbox")  # root has no user namespace to build the sandbox in
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", f'exec "$@" 3<&{reads} 4>&{writes}', "sh", program, *options, "about:blank"],
            pass_fds=(reads, writes), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(reads)
        os.close(writes)
        threading.Thread(target=self._listen, daemon=True).start()
        target = self._pages()[0]["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.resize(width, height)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            self.call("Browser.close")
            self._process.wait(10)
        except (BrowserError, OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._commands)
        shutil.rmtree(self._profile, ignore_errors=True)

    @property
    def pid(self):
        return self._process.pid

    def open(self, address):
        self.call("Page.navigate", url=address)
        self.wait_for("document.readyState === 'complete'")

    def resize(self, width, height, scale=1):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale,
                  mobile=width < 600)

    def prefer(self, **features):
        """Media features, such as `prefers_color_scheme="dark"`."""
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": name.replace("_", "-"), "value": value} for name, value in features.items()])

    def value(self, expression):
        """What a JavaScript expression (or promise) yields, as JSON."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(f"{expression}: {_said(answer['exceptionDetails'])}")
        return answer["result"].get("value")

    def wait_for(self, expression, seconds=10):
        """Waits until an expression is true, and returns its value."""
        end = time.monotonic() + seconds
        while not (value := self.value(expression)):
            if time.monotonic() > end:
                raise BrowserError(f"not true within {seconds} s: {expression}")
            time.sleep(0.05)
        return value

    def press(self, key):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key)

    def picture(self, path):
        """Writes what is seen of the page as WebP."""
        shot = self.call("Page.captureScreenshot", format="webp", quality=90)
        Path(path).write_bytes(base64.b64decode(shot["data"]))

    def call(self, method, **parameters):
        self._next += 1
        number, self._answers[self._next] = self._next, queue.Queue(1)
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._commands, data):]
        try:
            answer = self._answers[number].get(timeout=ANSWER_SECONDS)
        except queue.Empty:
            raise BrowserError(f"{method}: no answer within {ANSWER_SECONDS} s") from None
        finally:
            del self._answers[number]
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def _pages(self):
        end = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < end:
            found = [target for target in self.call("Target.getTargets")["targetInfos"] if target["type"] == "page"]
            if found:
                return found
            time.sleep(0.05)
        raise BrowserError("chromium opened no page")

    def _listen(self):
        with os.fdopen(self._replies, "rb", buffering=0) as replies:
            rest = b""
            while data := replies.read(1 << 16):
                *messages, rest = (rest + data).split(b"\0")
                for message in messages:
                    self._take(json.loads(message))
        gone = {"error": {"message": "chromium has ended"}}
        for answer in list(self._answers.values()):
            answer.put(gone)

    def _take(self, message):
        if "id" in message:
            if waiting := self._answers.get(message["id"]):
                waiting.put(message)
            return
        method, parameters = message["method"], message.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(_said(parameters["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            self.complaints.append(" ".join(str(part.get("value", part.get("description"))) for part in
                                            parameters["args"]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            entry = parameters["entry"]
            self.complaints.append(f"{entry['text']} {entry.get('url', '')}".strip())


def _said(details):
    return details.get("exception", {}).get("description") or details["text"]
