// The page of a running heed: connects, hands out what comes, draws.

import { Connection } from "./connection.js";
import { post } from "./goals.js";
import { StreamView } from "./stream.js";
import { OUTCOMES, clockTime, element, fields, fileName, number, percent, say } from "./words.js";

const FRAME = 60;
const FRAME_WITH_LESS_MOTION = 1000;
const NOTICES_KEPT = 50;
const COLORS = ["ink", "quiet", "line", "rest", ...OUTCOMES];

const parts = fields(document);
const views = new Map();
const lessMotion = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

let state;
let connected = false;
/** What the server's clock (ns) is ahead of this page's. */
let clockOffset;
let colors = readColors();

const connection = new Connection({
  begun() {
    for (const view of views.values()) view.remove();
    views.clear();
    parts.notices.replaceChildren();
    parts.changes.replaceChildren();
    clockOffset = undefined;
  },
  state: takeState,
  result(result) { views.get(result.stream)?.add(result); },
  stats: takeStats,
  notice({ text }) {
    parts.notices.prepend(element("li", text));
    while (parts.notices.childElementCount > NOTICES_KEPT) parts.notices.lastElementChild.remove();
    parts["no-notices"].hidden = true;
  },
  connected(now, reason) {
    connected = now;
    showConnection(reason);
  },
});

function takeState(next) {
  state = next;
  setClock(next.now_ns);
  for (const stream of next.streams) {
    if (!views.has(stream.id)) {
      const view = new StreamView(stream, takeState);
      views.set(stream.id, view);
      parts.streams.append(view.section);
    }
    views.get(stream.id).take(stream, next);
  }
  const file = fileName(next.recording);
  document.title = [next.name ?? file, "heed"].filter(Boolean).join(" – ");
  say(parts.name, next.name ?? "");
  say(parts.run, [file, next.pace].filter(Boolean).join(", "));
  showReplay(next.replay);
  showChanges(next.changes ?? []);
  showConnection();
}

function takeStats(stats) {
  setClock(stats.now_ns);
  for (const [id, figures] of Object.entries(stats.streams ?? {})) views.get(id)?.figures(figures);
  const facts = {
    "processor use": stats.processor_use == null ? "–" : `${percent(stats.processor_use)} of a core`,
    lost: number(stats.lost), gaps: number(stats.gaps), reconnects: number(stats.reconnects),
    viewers: number(stats.viewers), version: state?.version ?? "–",
  };
  for (const [name, value] of Object.entries(facts)) {
    let row = [...parts.machine.children].find((child) => child.firstElementChild.textContent === name);
    if (!row) {
      row = element("div");
      row.append(element("dt", name), element("dd"));
      parts.machine.append(row);
    }
    say(row.lastElementChild, value);
  }
}

function showConnection(reason = "") {
  const kind = !connected ? "lost" : state?.ended ? "ended" : state?.replay?.paused ? "paused" : "live";
  const words = { lost: state ? "connection lost" : "connecting", ended: "ended", paused: "paused", live: "live" };
  parts.connection.dataset.state = kind;
  parts.replay.hidden = !state?.replay || !connected || state.ended;
  say(parts.connection, words[kind]);
  const banner = kind === "lost" && state
    ? reason || "The connection to heed is lost; trying again. What is shown is what was known last."
    : kind === "lost" ? reason
      : kind === "ended" ? "The run has ended; these are its last results." : "";
  parts.banner.hidden = !banner;
  say(parts.banner, banner);
}

function showReplay(replay) {
  if (!replay) return;
  const [pause, step] = parts.replay.children;
  say(pause, replay.paused ? "Resume" : "Pause");
  pause.dataset.action = replay.paused ? "resume" : "pause";
  step.hidden = !(replay.paused && replay.can_step);
}

function showChanges(changes) {
  parts["no-changes"].hidden = changes.length > 0;
  if (parts.changes.childElementCount === changes.length && changes.length < NOTICES_KEPT) return;
  parts.changes.replaceChildren(...changes.slice(-NOTICES_KEPT).reverse().map(({ at, who, what }) => {
    const line = element("li");
    line.append(element("time", clockTime(at)), element("span", what), element("small", `by ${who}`));
    return line;
  }));
}

function setClock(now) {
  if (now == null) return;
  const offset = now - performance.now() * 1e6;
  // What came with the least delay is nearest to the truth.
  const far = clockOffset === undefined || offset > clockOffset || clockOffset - offset > 1e9;
  clockOffset = far ? offset : clockOffset + (offset - clockOffset) * 0.02;
}

/** Where the charts end: now, as far as time runs and the samples come on the wall clock. */
function chartEnd() {
  const newest = Math.max(0, ...[...views.values()].map((view) => view.newest ?? 0));
  const runs = connected && !state.ended && !state.replay?.paused && ["live", "realtime"].includes(state.pace);
  return runs && clockOffset !== undefined ? performance.now() * 1e6 + clockOffset : newest;
}

function readColors() {
  const style = getComputedStyle(document.documentElement);
  const read = Object.fromEntries(COLORS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  return { ...read, lateRest: style.getPropertyValue("--late-rest").trim(), font: style.fontFamily };
}

function draw(now) {
  setTimeout(() => requestAnimationFrame(draw), lessMotion.matches ? FRAME_WITH_LESS_MOTION : FRAME);
  if (!state) return;
  const end = chartEnd();
  for (const view of views.values()) view.draw(end, colors, now);
}

function watch() {
  for (const view of views.values()) view.watch(!document.hidden, connected && !state.ended);
}

parts.replay.addEventListener("click", async ({ target }) => {
  if (!target.dataset.action) return;
  try {
    const answer = await post("/api/replay", { action: target.dataset.action });
    if (answer.streams) takeState(answer);
  } catch (error) {
    parts.banner.hidden = false;
    say(parts.banner, error.message);
  }
});
dark.addEventListener("change", () => { colors = readColors(); });
document.addEventListener("visibilitychange", watch);
setInterval(watch, 500);

// The token is in a cookie now; it should not stay in the address, where it would be copied along.
if (new URLSearchParams(location.search).has("token")) history.replaceState(null, "", location.pathname);

connection.open();
requestAnimationFrame(draw);
