"""processor use of capture threads on a camera and a microphone of the kernel's, against ffmpeg and arecord

In the virtual machine of devices/ (vivid, snd-aloop), whose processor is emulated unless this machine lends its own: such
figures are upper bounds, several times what a processor would say. Compare the programs with each other.
"""

import json

from ..rows import row
from ..setup import ROOT, run

SECONDS = 30
MOST = 3.0
WHAT = {
    "sound": ("microphone's capture thread at 48 kHz, mono", "arecord"),
    "pictures": ("camera's capture thread at 25 frames/s, 640×480 YUYV", "ffmpeg"),
}


def measure(bench, progress):
    progress("starting a virtual machine …")
    said = run([str(ROOT / "devices/in-machine"), "--seconds", "900", "--", "python3",
                str(ROOT / "bench/peers/capture_threads.py"), bench.heed, str(SECONDS)])
    raw = json.loads(said)
    rows = []
    for device, (what, peer) in WHAT.items():
        ours, theirs = (raw[device][name]["percent"] for name in ("heed", peer))
        rows.append(row(
            f"{what}, on an emulated processor", ours, "% of a core", (f"{peer}, whole", theirs), ours / theirs,
            f"≤ {MOST:g} %", ours <= MOST))
    return rows, raw
