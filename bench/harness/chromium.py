"""heed's page in Debian's chromium: when it has results, and what it weighs."""

import shutil
import sys
import urllib.request

from .failure import BenchError
from .setup import ROOT
from .viewers import PICTURES

# Notes of each result when it was made, was taken in, and was painted: milliseconds on heed's clock, then the page's.
WATCH_RESULTS = """
window.arrivals = [];
{
  const undrawn = [];
  const listen = EventSource.prototype.addEventListener;
  EventSource.prototype.addEventListener = function (kind, handler) {
    listen.call(this, kind, kind !== "result" ? handler : (event) => {
      handler(event);
      const { captured_ns: captured, latency_ms: latency } = JSON.parse(event.data);
      if (latency == null) return;
      const arrival = [captured / 1e6 + latency, performance.now()];
      arrivals.push(arrival);
      undrawn.push(arrival);
    });
  };
  const request = window.requestAnimationFrame;
  window.requestAnimationFrame = (draw) => request.call(window, (now) => {
    draw(now);
    const drawn = undrawn.splice(0);
    // What is posted while a frame is made runs after it was painted.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      for (const arrival of drawn) arrival.push(performance.now());
      port1.close();
    };
    port2.postMessage(null);
  });
}
"""


def drivers():
    """The classes that serve and open heed's page in the tests."""
    if not shutil.which("chromium"):
        raise BenchError("page: chromium is not installed; run `apt-get install chromium` as root")
    sys.path.insert(0, str(ROOT / "Tests/Browser"))
    try:
        from browser import Browser
        from heed import Heed
    finally:
        sys.path.pop(0)
    return Heed, Browser


def watch_results(browser):
    """Lets the pages that are opened from now on note their results."""
    browser.call("Page.addScriptToEvaluateOnNewDocument", source=WATCH_RESULTS)
    browser.call("Performance.enable")


def arrivals(browser, since):
    """When results were made, taken in and painted, in milliseconds of CLOCK_MONOTONIC; those made from `since` on."""
    metrics = browser.call("Performance.getMetrics")["metrics"]
    origin = next(metric["value"] for metric in metrics if metric["name"] == "NavigationStart") * 1e3
    whole = [[made, *(origin + at for at in rest)] for made, *rest in browser.value("arrivals") if len(rest) == 2]
    return [arrival for arrival in whole if arrival[0] > since * 1e3]


def weight(heed, browser):
    """The bytes of all the files that the page has asked for."""
    files = {url for url in browser.requests if url.startswith(heed.address) and "/api/" not in url
             and PICTURES not in url}
    return sum(len(fetch(url)) for url in files)


def fetch(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read()
