"""Pictures as a camera gives them, of the demo recording."""

from .setup import run

COUNT = 30


def yuyv(bench):
    """A second of the demo as uncompressed YUYV, 640×480: as a recording, and as bare frames one after the other."""
    recording, frames = bench.scratch / "frames.mkv", bench.scratch / "frames.yuyv"
    start = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", bench.demo, "-frames:v", str(COUNT)]
    video = ["-vf", "scale=out_color_matrix=bt601:out_range=limited", "-pix_fmt", "yuyv422", "-c:v", "rawvideo"]
    run([*start, *video, str(recording)])
    run([*start, *video, "-f", "rawvideo", str(frames)])
    return str(recording), frames
