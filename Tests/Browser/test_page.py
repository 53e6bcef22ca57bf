"""heed's page in a real browser. `Tests/Browser/run` says what it needs."""

import os
import time
import unittest
import urllib.request
from collections import Counter

from browser import Browser
from heed import Heed

RECORDING = os.environ["HEED_RECORDING"]
CAPTION_SECONDS = 0.3
WEIGHT = 150_000

# Notes when each piece of committed text came to stand on the page, by the wall clock.
WATCH_CAPTIONS = """
addEventListener("DOMContentLoaded", () => {
  window.captionTimes = [];
  window.watchedSince = performance.timeOrigin + performance.now();
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) {
      if (!node.dataset?.sequence) continue;
      captionTimes.push([Number(node.dataset.sequence), performance.timeOrigin + performance.now()]);
    }
  }).observe(document.body, { childList: true, subtree: true });
});
"""

# How many columns of the chart's pixels have a mark or a bar: coloured, which text and lines are not.
FILLED_COLUMNS = """
(() => {
  const canvas = document.querySelector("[data-field=chart]");
  if (!canvas?.width) return 0;
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, width, height);
  let columns = 0;
  for (let x = 0; x < width; x += 1) for (let y = 0; y < height; y += 1) {
    const place = (y * width + x) * 4, part = data.subarray(place, place + 3);
    if (data[place + 3] > 128 && Math.max(...part) - Math.min(...part) > 60) { columns += 1; break; }
  }
  return columns / width;
})()
"""

SAMPLES = """
Number(document.querySelector("[data-field=samples]")?.textContent.replaceAll(",", "").match(/[0-9]+/)?.[0])
""".strip()
CONNECTION = "document.querySelector('[data-field=connection]').textContent"


class PageTests(unittest.TestCase):
    def setUp(self):
        self.browser = Browser()
        self.addCleanup(self.browser.close)

    def serve(self, *options, port=None):
        heed = Heed(RECORDING, *options, port=port)
        self.addCleanup(heed.__exit__)
        return heed

    def open(self, *options):
        heed = self.serve(*options)
        self.browser.open(heed.address)
        self.browser.wait_for(f"{CONNECTION} === 'live' && document.querySelector('.stream') !== null", 20)
        return heed

    def enter(self, field, text):
        """Types into a field of the first goal as a person does."""
        self.browser.value(f"document.querySelector('[name={field}]').select()")
        self.browser.call("Input.insertText", text=text)
        self.browser.press("Tab")

    def test_committed_captions_are_shown_within_300_ms(self):
        self.browser.call("Page.addScriptToEvaluateOnNewDocument", source=WATCH_CAPTIONS)
        heed = self.open()
        heed.wait_for_end()
        time.sleep(CAPTION_SECONDS)
        since = self.browser.value("watchedSince") / 1000 + 1  # what was said before the page was there came at once
        to_wall_clock = time.time() - time.clock_gettime(time.CLOCK_MONOTONIC)
        committed = {line["sequence"]: line["captured_ns"] / 1e9 + line["latency_ms"] / 1e3 + to_wall_clock
                     for line in heed.results("speech") if line.get("committed")}
        shown = {sequence: at / 1000 for sequence, at in self.browser.value("captionTimes")}
        expected = {sequence: at for sequence, at in committed.items() if at > since}
        self.assertGreater(len(expected), 10)
        self.assertEqual(expected.keys() - shown.keys(), set())
        delays = sorted(shown[sequence] - at for sequence, at in expected.items())
        print(f"captions after they were committed: median {delays[len(delays) // 2] * 1000:.0f} ms, "
              f"longest {delays[-1] * 1000:.0f} ms, of {len(delays)}")
        self.assertLess(delays[-1], CAPTION_SECONDS)

    def test_captions_are_read_aloud_only_once_they_are_certain(self):
        self.open()
        self.browser.wait_for("document.querySelector('[role=log][aria-live=polite] [data-sequence]')?.textContent", 20)
        self.assertTrue(self.browser.value(
            "[...document.querySelectorAll('.unconfirmed')].every((part) => part.ariaHidden === 'true')"))

    def test_the_choice_chart_fills_without_a_complaint(self):
        self.open("--deadline", "100ms")
        self.browser.wait_for(f"{FILLED_COLUMNS} > 0.6", 20)
        self.assertEqual(self.browser.complaints, [])

    def test_keys_go_from_sample_to_sample_and_say_why(self):
        self.open("--deadline", "100ms")
        self.browser.wait_for(f"{SAMPLES} > 60")
        self.browser.value("document.querySelector('[data-field=chart]').focus()")
        self.browser.press("ArrowLeft")
        said = "document.querySelector('[data-field=chart]').ariaValueText"
        first = self.browser.value(said)
        self.assertRegex(first, r"No\. \d+ \w+: .* of 100 ms.*efficientnet-lite\d")
        self.browser.press("ArrowLeft")
        self.assertNotEqual(self.browser.value(said), first)
        self.browser.press("Escape")
        self.assertEqual(self.browser.value(said), "the newest")

    def test_a_changed_deadline_changes_the_choices(self):
        heed = self.open("--deadline", "100ms")
        self.browser.wait_for(f"{SAMPLES} > 100")
        self.enter("deadline_ms", "6")
        self.browser.wait_for("document.querySelector('[data-field=sample]').textContent.includes('of 6 ms')")
        self.browser.wait_for("/100.* ms → 6.* ms/.test(document.querySelector('[data-field=changes]').textContent)")
        time.sleep(4)
        heed.stop()
        chosen = {deadline: Counter(line["candidate"] for line in heed.results("frames")
                                    if line["deadline_ms"] == deadline and "candidate" in line)
                  for deadline in (100, 6)}
        self.assertNotEqual(chosen[100].most_common(1)[0][0], chosen[6].most_common(1)[0][0])

    def test_a_goal_that_cannot_be_is_refused_in_place(self):
        heed = self.open("--deadline", "100ms")
        self.enter("deadline_ms", "0")
        said = self.browser.wait_for("document.querySelector('[data-field=error]:not([hidden])')?.textContent")
        self.assertIn("deadline", said)
        self.assertEqual(heed.state()["streams"][0]["goal"]["deadline_ms"], 100)

    def test_a_replay_is_paused_stepped_and_resumed(self):
        self.open("--stream", "frames")
        self.browser.wait_for(f"{SAMPLES} > 30")
        self.browser.value("document.querySelector('[data-action=pause]').click()")
        self.browser.wait_for(f"{CONNECTION} === 'paused'")
        time.sleep(2.5)  # what was under way, then the next statistics
        before = self.browser.value(SAMPLES)
        self.browser.value("document.querySelector('[data-action=step]').click()")
        self.browser.wait_for(f"{SAMPLES} === {before + 1}")
        self.browser.value("document.querySelector('[data-action=resume]').click()")
        self.browser.wait_for(f"{SAMPLES} > {before + 30}")

    def test_feedback_is_taken_by_a_policy_that_learns(self):
        self.open("--policy", "bandit")
        self.browser.wait_for(f"{SAMPLES} > 30")
        # One is refused whose candidate answers no more by then.
        self.browser.wait_for("""document.querySelector('[data-good=true]').click(),
            /good, noted/.test(document.querySelector('[data-field=judged]').textContent)""")

    def test_feedback_that_nobody_learns_from_is_refused_in_place(self):
        self.open()
        self.browser.wait_for(f"{SAMPLES} > 30")
        self.browser.value("document.querySelector('[data-good=true]').click()")
        self.browser.wait_for("/does not learn/.test(document.querySelector('[data-field=judged]').textContent)")

    def test_the_page_finds_heed_again_after_a_restart(self):
        heed = self.open()
        self.browser.wait_for(f"{SAMPLES} > 100")
        heed.stop()
        self.browser.wait_for(f"{CONNECTION} === 'connection lost'")
        self.serve(port=heed.port)
        self.browser.wait_for(f"{CONNECTION} === 'live'", 20)
        self.browser.wait_for(f"{SAMPLES} < 100 && {FILLED_COLUMNS} > 0.05")

    def test_the_end_of_a_run_is_shown(self):
        self.open("--stream", "speech")
        self.browser.wait_for(f"{CONNECTION} === 'ended'", 40)
        self.assertEqual(self.browser.complaints, [])

    def test_nothing_is_fetched_from_elsewhere_and_the_page_is_light(self):
        heed = self.open()
        self.browser.wait_for(f"{SAMPLES} > 30")
        asked = set(self.browser.requests)
        self.assertEqual([url for url in asked if not url.startswith(f"{heed.address}/")], [])
        files = [url for url in asked if "/api/" not in url and "/preview" not in url]
        weight = 0
        for url in files:
            with urllib.request.urlopen(url, timeout=5) as answer:
                weight += len(answer.read())
        print(f"the page weighs {weight / 1000:.1f} kB in {len(files)} files")
        self.assertLessEqual(weight, WEIGHT)

    def test_the_page_fits_a_phone(self):
        self.browser.resize(320, 700)
        self.open()
        self.browser.wait_for(f"{SAMPLES} > 30")
        self.assertLessEqual(self.browser.value("document.documentElement.scrollWidth"), 320)

    def test_text_has_contrast_enough_in_light_and_dark(self):
        self.open()
        for scheme in ("light", "dark"):
            self.browser.prefer(prefers_color_scheme=scheme)
            colors = self.browser.value("""(() => {
              const style = getComputedStyle(document.documentElement);
              return Object.fromEntries(["ground", "card", "wash", "ink", "quiet", "accent", "late", "expired"]
                .map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
            })()""")
            for text in ("ink", "quiet", "accent", "late", "expired"):
                with self.subTest(scheme=scheme, text=text):
                    self.assertGreaterEqual(contrast(colors[text], colors["card"]), 4.5)
                    self.assertGreaterEqual(contrast(colors[text], colors["ground"]), 4.5)


def contrast(first, second):
    """Of two colours, `#rrggbb`: WCAG 2, relative luminance."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color):
    parts = [int(color[place:place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


if __name__ == "__main__":
    unittest.main()
