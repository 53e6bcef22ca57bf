"""Tells what capture threads use of a processor: capture_threads.py HEED SECONDS, beside the devices of devices/in-machine

heed's threads for a microphone (48 kHz, mono) and for a camera (640×480 YUYV, the 25 frames/s that vivid gives), while it
listens and watches; arecord with the same periods, which writes to /dev/null, and ffmpeg, which copies frames to nowhere,
as whole programs. By the kernel's own books, once each has come to a steady pace. Prints a line of JSON.
"""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

heed, seconds = sys.argv[1], float(sys.argv[2])
START = 120
MICROPHONE, CAMERA = "hw:Loopback,1,0", "/dev/video0"
COMMANDS = {
    "sound": {
        "heed": ([heed, "listen", "--microphone", MICROPHONE, "--recognizer", "moonshine-tiny", "--threads", "1",
                  "--accept-profile"], "heed-microphone"),
        "arecord": (["arecord", "--quiet", "--device", MICROPHONE, "--format", "S16_LE", "--rate", "48000",
                     "--channels", "1", "--file-type", "raw", "--period-time", "10000", "--buffer-time", "500000",
                     "/dev/null"], None),
    },
    "pictures": {
        "heed": ([heed, "watch", "--camera", CAMERA, "--size", "640x480", "--rate", "25", "--format", "yuyv",
                  "--recognizer", "efficientnet-lite0-int8", "--threads", "1", "--accept-profile"], "heed-camera"),
        "ffmpeg": (["ffmpeg", "-nostdin", "-loglevel", "error", "-f", "v4l2", "-input_format", "yuyv422",
                    "-video_size", "640x480", "-framerate", "25", "-i", CAMERA, "-c", "copy", "-f", "null", "-"], None),
    },
}


def books(process, thread):
    """Seconds on the processor and turns it had, of the thread with that name, or of all."""
    used = turns = 0
    for task in Path(f"/proc/{process.pid}/task").iterdir():
        if thread in (None, (task / "comm").read_text().strip()):
            on, _, times = (task / "schedstat").read_text().split()
            used, turns = used + int(on) / 1e9, turns + int(times)
    return used, turns


def measure(command, thread):
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            pace, limit = 0, time.monotonic() + START
            while pace < 20:
                if process.poll() is not None or time.monotonic() > limit:
                    process.kill()
                    sys.exit(f"{' '.join(command)}: does not capture: {process.communicate()[1].strip()}")
                before = books(process, thread)[1]
                time.sleep(1)
                pace = books(process, thread)[1] - before
            time.sleep(2)
            used, turns = books(process, thread)
            begin = time.monotonic()
            time.sleep(seconds)
            after = books(process, thread)
            wall = time.monotonic() - begin
        finally:
            process.send_signal(signal.SIGINT)
        return {"percent": 100 * (after[0] - used) / wall, "turns_a_second": (after[1] - turns) / wall}


print(json.dumps({device: {name: measure(*command) for name, command in commands.items()}
                  for device, commands in COMMANDS.items()}))
