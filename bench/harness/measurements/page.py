"""what the page costs and how soon it shows a result, in chromium and with ten viewers

One recogniser with one thread answers the demo's frames, 640×480 JPEG pictures, 30 a second in real time.

- cost: heed's processor time while somebody looks, less while nobody does, in turns of one run. Who looks is Debian's
  chromium with the page open, or a plain client that reads the same events and pictures.
- to the browser: from the moment a result is made, as its line has it, until the page's JavaScript has taken it in, and
  until the page is painted with it. Both ends are read from CLOCK_MONOTONIC, which is chromium's own clock too.
- ten viewers: plain clients, a minute with them and one without in turn, twice; then viewers that read nothing.
- results file and page's figures: the time that each takes for a result, on the recognising thread.
"""

import re
import time
from statistics import median

from .. import chromium
from ..blocks import Worker, percentile
from ..failure import BenchError
from ..processes import family, processor_seconds, resident_bytes
from ..rows import row
from ..setup import run
from ..viewers import EVENTS, PICTURES, Viewers, silent

RECOGNIZER = "efficientnet-lite0-int8"
TURNS, TURN_SECONDS, SETTLE_SECONDS = 6, 5, 1.5
VIEWERS, MINUTES, MINUTE_SECONDS = 10, 2, 60
PATIENCE_SECONDS = 90
DEMO_SECONDS = 20
SAMPLES, BLOCKS = 6000, 5
SCRAPES = 200
MOST_COST, LATEST, MOST_GROWTH, MOST_RATIO, FLAT, LONGEST, HEAVIEST = 10.0, 100.0, 1.0, 1.05, 5.0, 20.0, 150.0


def measure(bench, progress):
    Heed, Browser = chromium.drivers()
    bench.heed, bench.heed_bench  # Built before anything is timed.
    recording, options = _prepare(bench)
    rows, raw = [], {}
    with Heed(recording, *options) as heed:
        with Browser() as browser:
            cost, delays, weight = _one_viewer(heed, browser, progress)
        many = _many_viewers(heed, progress)
        raw["metrics_scrape_ms"] = _scrapes(heed)
    times = _results(bench)
    raw |= {"one_viewer": cost, "delays": delays, "ten_viewers": many, "results_us": times}

    for who, name in (("chromium", "chromium"), ("client", "a plain client")):
        share = median(cost[who]) - median(cost["nobody"])
        rows.append(row(
            f"page: heed's processor use with one viewer, {name}, less without, 30 frames/s, preview 10/s", share,
            "% of a core", reach=f"≤ {MOST_COST:g} %", reached=share <= MOST_COST))
    rows.append(row("page: chromium's own processor use", median(cost["chromium_itself"]), "% of a core"))
    for end, what in (("taken", "the browser's page having it"), ("painted", "the page painted with it")):
        for which in ("p50", "p95"):
            value = delays[end][which]
            reach = {"reach": f"≤ {LATEST:g} ms", "reached": value <= LATEST} if which == "p95" else {}
            rows.append(row(f"page: from a result to {what}, {which}", value, "ms", **reach))
    beside, alone = many["latency_p99_ms"]["viewers"], many["latency_p99_ms"]["nobody"]
    rows.append(row(
        f"page: sensor to result with {VIEWERS} viewers, p99", beside, "ms", ("without", alone), beside / alone,
        f"≤ {MOST_GROWTH:g} ms or {MOST_RATIO:g}×", beside - alone <= MOST_GROWTH or beside / alone <= MOST_RATIO))
    memory = many["resident_mb"]
    change = 100 * (memory[-1] / memory[0] - 1)
    rows.append(row(
        f"page: resident memory over {MINUTES} minutes with {VIEWERS} viewers, change (from {memory[0]:.0f} MB)",
        change, "%", reach=f"≤ {FLAT:g} %", reached=change <= FLAT))
    for path, seconds in many["dropped_after_s"].items():
        rows.append(row(
            f"page: until a viewer is dropped that reads nothing of {path}", seconds or "not dropped",
            "s" if seconds else "", reach="dropped", reached=seconds is not None))
    both = times["lines"]["mean"] + times["figures"]["mean"]
    rows.append(row("results file, for a sample, mean", times["lines"]["mean"], "µs"))
    rows.append(row("page's figures and events, for a sample, mean", times["figures"]["mean"], "µs"))
    rows.append(row(
        "figures for /metrics and results file together, for a sample, mean", both, "µs", reach=f"≤ {LONGEST:g} µs",
        reached=both <= LONGEST))
    rows.append(row("one answer of /metrics, mean", raw["metrics_scrape_ms"], "ms"))
    rows.append(row("page: all its files", weight / 1000, "kB", reach=f"≤ {HEAVIEST:g} kB",
                    reached=weight / 1000 <= HEAVIEST))
    return rows, raw


def _prepare(bench):
    """The demo's frames, over and over, and how heed is to answer them."""
    recording, profile = bench.scratch / "page.mkv", bench.scratch / "page-profile.json"
    seconds = TURNS * 3 * (TURN_SECONDS + SETTLE_SECONDS + 2) + 2 * MINUTES * MINUTE_SECONDS + PATIENCE_SECONDS + 60
    run(["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-stream_loop", str(int(seconds / DEMO_SECONDS)), "-i",
         bench.demo, "-map", "0:v", "-c", "copy", str(recording)])
    only = ["--recognizer", RECOGNIZER, "--threads", "1", "--profile", str(profile)]
    run([bench.heed, "profile", *only])
    return recording, ["--stream", "frames", *only]


def _one_viewer(heed, browser, progress):
    """The share of a core, in percent, of heed and of chromium, turn by turn; the delays; what the page weighs."""
    chromium.watch_results(browser)
    shares = {"nobody": [], "chromium": [], "chromium_itself": [], "client": []}
    arrivals, weight = [], 0
    for number in range(TURNS):
        shares["nobody"].append(_share(heed.pid))
        browser.requests.clear()
        browser.open(heed.address)
        browser.wait_for("arrivals.length > 0")
        start = time.monotonic()
        time.sleep(SETTLE_SECONDS)
        itself = {pid: processor_seconds(pid) for pid in family(browser.pid)}
        shares["chromium"].append(_share(heed.pid, settle=0))
        shares["chromium_itself"].append(100 * sum(
            processor_seconds(pid) - itself[pid] for pid in family(browser.pid) if pid in itself) / TURN_SECONDS)
        arrivals += chromium.arrivals(browser, since=start + SETTLE_SECONDS)
        weight = weight or chromium.weight(heed, browser)
        browser.open("about:blank")
        with Viewers(heed.port, 1) as viewers:
            shares["client"].append(_share(heed.pid))
            _check(viewers)
        progress(f"turn {number + 1} of {TURNS}: " + ", ".join(f"{who} {of[-1]:.1f} %" for who, of in shares.items()))
    delays = {end: {"results": len(arrivals)} | {
        f"p{share}": percentile([arrival[index] - arrival[0] for arrival in arrivals], share / 100)
        for share in (50, 95, 99)} for index, end in enumerate(("taken", "painted"), 1)}
    return shares, delays, weight


def _share(pid, settle=SETTLE_SECONDS):
    """The share of a core that a program takes over a turn, in percent."""
    time.sleep(settle)
    before, start = processor_seconds(pid), time.monotonic()
    time.sleep(TURN_SECONDS)
    return 100 * (processor_seconds(pid) - before) / (time.monotonic() - start)


def _many_viewers(heed, progress):
    spans, memory = {"nobody": [], "viewers": []}, []
    for number in range(MINUTES):
        spans["nobody"].append(_minute())
        with Viewers(heed.port, VIEWERS) as viewers:
            time.sleep(SETTLE_SECONDS)
            memory.append(resident_bytes(heed.pid) / 1e6)
            spans["viewers"].append(_minute())
            memory.append(resident_bytes(heed.pid) / 1e6)
            _check(viewers)
        progress(f"{VIEWERS} viewers, minute {number + 1} of {MINUTES}: {memory[-2]:.1f} to {memory[-1]:.1f} MB, "
                 f"{viewers.pictures / VIEWERS / (MINUTE_SECONDS + SETTLE_SECONDS):.1f} pictures/s each")
    dropped = {path: _seconds_until_dropped(heed, path) for path in (PICTURES, EVENTS)}
    lines = [line for line in heed.results("frames") if "latency_ms" in line]
    latencies = {who: [line["latency_ms"] for line in lines
                       if any(start <= line["captured_ns"] / 1e9 < end for start, end in of)]
                 for who, of in spans.items()}
    return {
        "samples": {who: len(of) for who, of in latencies.items()},
        "latency_p50_ms": {who: percentile(of, 0.5) for who, of in latencies.items()},
        "latency_p99_ms": {who: percentile(of, 0.99) for who, of in latencies.items()},
        "resident_mb": memory, "dropped_after_s": dropped,
    }


def _minute():
    start = time.monotonic()
    time.sleep(MINUTE_SECONDS)
    return start, time.monotonic()


def _check(viewers):
    if viewers.lost or not all(viewers.received.values()):
        raise BenchError(f"viewers lost {viewers.lost} connections and received {viewers.received}; nothing is measured")


def _seconds_until_dropped(heed, path):
    """How long heed bears with a viewer that reads nothing; nil where it bears with it for all our patience."""
    before, start = _dropped(heed), time.monotonic()
    with silent(heed.port, path):
        while _dropped(heed) == before:
            if time.monotonic() - start > PATIENCE_SECONDS:
                return None
            time.sleep(0.2)
    return time.monotonic() - start


def _dropped(heed):
    return int(re.search(r"^heed_page_viewers_dropped_total (\d+)$", _metrics(heed), re.M)[1])


def _scrapes(heed):
    """What an answer of /metrics takes of heed's processor time, in milliseconds, less what it takes meanwhile."""
    start, before = time.monotonic(), processor_seconds(heed.pid)
    time.sleep(TURN_SECONDS)
    share = (processor_seconds(heed.pid) - before) / (time.monotonic() - start)
    start, before = time.monotonic(), processor_seconds(heed.pid)
    for _ in range(SCRAPES):
        _metrics(heed)
    taken = processor_seconds(heed.pid) - before - share * (time.monotonic() - start)
    return 1e3 * taken / SCRAPES


def _metrics(heed):
    return chromium.fetch(f"{heed.address}/metrics").decode()


def _results(bench):
    """Microseconds for a result: of the results file, and of the page's figures and events."""
    with Worker([bench.heed_bench, "results", RECOGNIZER, bench.demo, str(bench.scratch / "page.jsonl")]) as worker:
        worker.block(SAMPLES)  # To warm up.
        blocks = [worker.block(SAMPLES) for _ in range(BLOCKS)]
    return {piece: {
        "mean": median(1e3 * sum(block[piece]) / SAMPLES for block in blocks),
        "p99": median(1e3 * percentile(block[piece], 0.99) for block in blocks)} for piece in ("lines", "figures")}
