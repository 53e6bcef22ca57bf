// Numbers and names as people read them.

export const OUTCOMES = ["met", "late", "expired", "superseded", "lost", "failed"];

export const number = (value, digits = 3) =>
  value == null || !Number.isFinite(value) ? "–"
    : Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en-GB")
      : String(Number(value.toPrecision(digits)));

export const milliseconds = (value) =>
  value == null ? "–" : value >= 10_000 ? `${number(value / 1000)} s` : `${number(value)} ms`;

export const joules = (value) =>
  value == null ? "–" : value !== 0 && Math.abs(value) < 0.1 ? `${number(value * 1000)} mJ`
    : value >= 10_000 ? `${number(value / 1000)} kJ` : `${number(value)} J`;

/** A share of 1; never rounded up to 100 % nor down to 0. */
export function percent(value) {
  if (value == null || !Number.isFinite(value)) return "–";
  const rounded = Number((value * 100).toPrecision(3));
  if (value < 1 && rounded >= 99.95) return "> 99.9 %";
  return `${Number(rounded.toFixed(1))} %`;
}

/** A share of 1 in whole percents, for a score that changes many times a second. */
export const wholePercent = (value) => (value == null ? "–" : `${Math.round(value * 100)} %`);

/** What tells candidates apart: `lite2-int8` of `efficientnet-lite2-int8@cpu-1t`, when all share the rest. */
export function shortNames(names) {
  const short = new Map(names.map((name) => [name, name]));
  if (names.length < 2) return short;
  const start = sharedStart(names);
  const prefix = start.slice(0, (start.includes("@") ? start.indexOf("@") : start.lastIndexOf("-")) + 1);
  const ends = new Set(names.map((name) => name.slice(name.indexOf("@"))));
  const suffix = names.every((name) => name.includes("@")) && ends.size === 1 ? [...ends][0] : "";
  for (const name of names) {
    const rest = name.slice(prefix.length, name.length - suffix.length);
    short.set(name, rest.replace("@", " · ").replace(":", " ") || name);
  }
  return short;
}

function sharedStart(names) {
  let length = 0;
  while (length < names[0].length && names.every((name) => name[length] === names[0][length])) length += 1;
  return names[0].slice(0, length);
}

export function clockTime(text) {
  const date = new Date(text);
  return Number.isNaN(date.valueOf()) ? String(text) : date.toLocaleTimeString("en-GB");
}

/** Seconds of a run as `1:04`. */
export const runTime = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** A file without its folders. */
export const fileName = (path) => path?.slice(path.lastIndexOf("/") + 1);

/** The parts of a tree with `data-field`, by name. */
export function fields(root) {
  const found = {};
  for (const part of root.querySelectorAll("[data-field]")) found[part.dataset.field] = part;
  return found;
}

/** An element with text in it; text is never taken for markup. */
export function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** Sets an element's text when it differs, so that nothing is laid out or spoken anew without need. */
export function say(part, text) {
  if (part.textContent !== text) part.textContent = text;
}
