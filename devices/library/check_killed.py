"""Looks at what a killed recorder left: check_killed.py FILE SECONDS, SECONDS being how long the microphone ran."""

import json
import subprocess
import sys

path, ran = sys.argv[1], float(sys.argv[2])


def times(stream):
    run = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", stream, "-show_entries", "packet=pts_time", "-of", "json", path],
        capture_output=True, text=True, check=True)
    return [float(packet["pts_time"]) for packet in json.loads(run.stdout)["packets"]], run.stderr


frames, complaints = times("v")
sound, _ = times("a")
print(f"killed after {ran:.2f} s: {len(frames)} frames up to {frames[-1]:.2f} s, "
      f"sound from {sound[0]:.2f} to {sound[-1]:.2f} s")
faults = []
if sound[-1] - sound[0] < ran - 1:
    faults.append(f"more than the last second of sound is missing: {sound[-1] - sound[0]:.2f} of {ran:.2f} s")
if frames[-1] < sound[0] + ran - 1:
    faults.append("more than the last second of frames is missing")
sys.exit("; ".join(faults) or 0)
