"""Traces of this machine's recognisers, recorded once and gone on with where they were left."""

from .setup import ROOT, run

FOLDER = ROOT / "out" / "traces"
ENVIRONMENTS = ("idle", "compute", "memory", "changing")
SAMPLES = 300


def record(bench, progress, recording):
    """The traces by environment; those that are in out/traces already are whole after this."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    profile = FOLDER / "profile.json"
    if not profile.is_file():
        progress("measuring the recognizers")
        names = [word for bundle in bench.bundles for word in ("--recognizer", bundle.name)]
        run([bench.heed, "profile", "--profile", str(profile), *names])
    traces = {}
    for name in ENVIRONMENTS:
        path = FOLDER / f"{name}.heedtrace"
        # The demo's frames are thirty a second, and much alike.
        every = ["--every", "2"] if recording == bench.demo else []
        said = run([bench.heed, "trace", recording, "--stream", "frames", "--environment", name, "--profile",
                    str(profile), "--samples", str(SAMPLES), "--output", str(path), *every])
        progress(said.strip())
        traces[name] = path
    return traces, profile
