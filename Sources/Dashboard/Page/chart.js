// The choices over time: a row a candidate, a mark a sample; below, each sample's time against its deadline.

import { glyph } from "./glyphs.js";
import { milliseconds, shortNames } from "./words.js";

const ROW = 21;
const ROW_WITH_NAME = 34;
const LATENCY = 104;
const AXIS = 22;
const MOST_ROWS = 8;
const NO_ANSWER = "no answer";

export class ChoiceChart {
  #canvas;
  #history;
  #rows = [];
  #names = new Map();
  #candidates = [];
  #size = { width: 0, height: 0 };
  #window = { start: 0, end: 1 };
  #plot = { left: 0, right: 1 };
  /** Seconds of time shown. */
  span = 10;

  constructor(canvas, history) {
    this.#canvas = canvas;
    this.#history = history;
    new ResizeObserver(() => { this.#size.width = 0; }).observe(canvas);
  }

  set candidates(names) {
    this.#candidates = names;
    this.#rows = [];
  }

  /** Draws the samples captured until `now` (ns); time stands still rather than carry `selected` out of sight. */
  draw(now, colors, selected) {
    const length = this.span * 1e9;
    const end = selected ? Math.min(now, selected.at + length * 0.9) : now;
    this.#window = { start: end - length, end, now };
    const marks = this.#history.between(this.#window.start, end);
    this.#layRows();
    const context = this.#prepare(colors);
    if (!context) return;
    this.#drawGrid(context, colors);
    const top = this.#rows.length * this.#rowHeight + 10;
    this.#drawLatencies(context, colors, marks, top);
    this.#drawMarks(context, colors, marks);
    if (selected) this.#drawSelection(context, colors, selected);
  }

  /** How many of the candidates were chosen. */
  get summary() {
    const chosen = [...this.#history.used.keys()].filter((name) => name !== "").length;
    const all = Math.max(this.#candidates.length, chosen);
    return all > 1 ? `${chosen} of ${all} candidates` : "";
  }

  /** The sample nearest to a place on the canvas, those in the same row first; nothing when none is shown. */
  at(x, y) {
    const row = this.#rows[Math.floor(y / this.#rowHeight)];
    let best, distance = Infinity;
    for (const mark of this.#history.between(this.#window.start, this.#window.end)) {
      const away = Math.abs(this.#x(mark.at) - x) + (row === undefined || this.#rowOf(mark) === row ? 0 : 24);
      if (away < distance) [best, distance] = [mark, away];
    }
    return best;
  }

  get #narrow() { return this.#size.width < 560; }
  get #rowHeight() { return this.#narrow ? ROW_WITH_NAME : ROW; }

  #x(at) {
    const { start, end } = this.#window;
    return this.#plot.left + (at - start) / (end - start) * (this.#plot.right - this.#plot.left);
  }

  #rowOf(mark) {
    if (!mark.candidate) return NO_ANSWER;
    return this.#rows.includes(mark.candidate) ? mark.candidate : this.#rows.at(-1);
  }

  /** All candidates where they are few, else those that were chosen; one row for samples without an answer. */
  #layRows() {
    const used = this.#history.used;
    const known = [...new Set([...this.#candidates, ...used.keys()])].filter((name) => name !== "");
    const shown = known.length <= MOST_ROWS ? known
      : known.filter((name) => used.has(name)).sort((a, b) => used.get(b) - used.get(a)).slice(0, MOST_ROWS);
    const rows = used.has("") ? [...shown, NO_ANSWER] : shown;
    if (rows.join() !== this.#rows.join()) {
      this.#rows = rows;
      this.#names = shortNames(shown).set(NO_ANSWER, NO_ANSWER);
      this.#size.width = 0;
    }
  }

  #prepare(colors) {
    if (this.#size.width === 0) {
      this.#size.width = this.#canvas.clientWidth;
      if (this.#size.width === 0) return null;
      const needed = Math.max(this.#rows.length, 1) * this.#rowHeight + LATENCY + AXIS + 10;
      this.#canvas.style.minHeight = `${needed}px`;
      this.#size.height = Math.max(needed, this.#canvas.clientHeight);
      this.#canvas.width = Math.round(this.#size.width * devicePixelRatio);
      this.#canvas.height = Math.round(this.#size.height * devicePixelRatio);
    }
    const context = this.#canvas.getContext("2d");
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, this.#size.width, this.#size.height);
    context.font = `12px ${colors.font}`;
    context.textBaseline = "middle";
    const widest = Math.max(48, ...this.#rows.map((name) => context.measureText(this.#names.get(name)).width));
    this.#plot = { left: this.#narrow ? 1 : Math.min(widest, 220) + 14, right: this.#size.width - 8 };
    return context;
  }

  #drawGrid(context, colors) {
    const { left, right } = this.#plot;
    this.#rows.forEach((name, index) => {
      const y = (index + 1) * this.#rowHeight;
      context.fillStyle = colors.line;
      context.fillRect(this.#narrow ? 0 : left, y - 0.5, right - left, 1);
      context.fillStyle = name === NO_ANSWER ? colors.quiet : colors.ink;
      context.textAlign = "left";
      context.fillText(this.#names.get(name), 0, this.#narrow ? y - this.#rowHeight + 9 : y - this.#rowHeight / 2, 220);
    });
    const bottom = this.#size.height - AXIS;
    context.fillStyle = colors.line;
    context.fillRect(left, bottom - 0.5, right - left, 1);
    context.fillStyle = colors.quiet;
    const steps = this.#narrow ? 2 : 5;
    for (let step = 0; step <= steps; step += 1) {
      const x = left + (right - left) * step / steps;
      const ago = this.span * (steps - step) / steps + Math.round((this.#window.now - this.#window.end) / 1e9);
      context.textAlign = step === 0 ? "left" : step === steps ? "right" : "center";
      context.fillText(ago === 0 ? "now" : `${ago} s ago`, x, bottom + AXIS / 2 + 2);
    }
  }

  /** Bars of a sample's time: inference below, the rest above it; a short line for the sample's deadline. */
  #drawLatencies(context, colors, marks, top) {
    const bottom = this.#size.height - AXIS;
    const deadline = marks.reduce((longest, mark) => Math.max(longest, mark.deadline ?? 0), 0);
    const most = deadline * 1.6 || 100;
    const height = (value) => Math.min(value / most, 1) * (bottom - top);
    const width = Math.max(1, Math.min(5, this.#spacing(marks) - 0.6));
    for (const mark of marks) {
      const x = this.#x(mark.at) - width / 2;
      if (x < this.#plot.left) continue;
      if (mark.latency != null) {
        const whole = height(mark.latency);
        const inference = Math.min(height(mark.inference ?? 0), whole);
        context.fillStyle = mark.outcome === "late" ? colors.lateRest : colors.rest;
        context.fillRect(x, bottom - whole, width, whole - inference);
        context.fillStyle = mark.outcome === "late" ? colors.late : colors.met;
        context.fillRect(x, bottom - inference, width, inference);
      }
      if (mark.deadline != null) {
        context.fillStyle = colors.ink;
        context.fillRect(x - 1, bottom - height(mark.deadline) - 0.75, width + 2, 1.5);
      }
    }
    if (!deadline) return;
    context.fillStyle = colors.quiet;
    context.textAlign = "left";
    const y = bottom - height(deadline);
    if (this.#narrow) {
      context.fillText(`deadline ${milliseconds(deadline)}`, 2, y - 10);
    } else {
      context.fillText("deadline", 0, y - 7);
      context.fillText(milliseconds(deadline), 0, y + 8);
      context.fillText("0", 0, bottom - 6);
    }
  }

  #drawMarks(context, colors, marks) {
    const width = Math.max(1, Math.min(2, this.#spacing(marks) - 0.5));
    for (const mark of marks) {
      const x = this.#x(mark.at);
      if (x < this.#plot.left) continue;
      const y = this.#middle(mark);
      if (mark.outcome === "met") {
        context.fillStyle = colors.met;
        context.fillRect(x - width / 2, y - 5, width, 10);
      }
    }
    // What went wrong lies on top, smaller where samples are dense.
    const scale = this.#spacing(marks) < 3 ? 0.75 : 1;
    for (const mark of marks) {
      const x = this.#x(mark.at);
      if (mark.outcome === "met" || x < this.#plot.left) continue;
      glyph(context, mark.outcome, x, this.#middle(mark), colors, scale);
    }
  }

  #middle(mark) {
    const row = Math.max(this.#rows.indexOf(this.#rowOf(mark)), 0);
    return row * this.#rowHeight + (this.#narrow ? 24 : this.#rowHeight / 2);
  }

  #drawSelection(context, colors, mark) {
    const x = this.#x(mark.at);
    if (x < this.#plot.left) return;
    context.fillStyle = colors.ink;
    context.globalAlpha = 0.5;
    context.fillRect(x - 0.5, 0, 1, this.#size.height - AXIS);
    context.globalAlpha = 1;
    context.strokeStyle = colors.ink;
    context.lineWidth = 1.5;
    context.strokeRect(x - 6, this.#middle(mark) - 9, 12, 18);
  }

  #spacing(marks) {
    return marks.length < 2 ? 6 : Math.abs(this.#x(marks.at(-1).at) - this.#x(marks[0].at)) / (marks.length - 1);
  }
}

/** The slow-down ξ with its band of one standard deviation, over the samples kept. */
export function drawSlowdown(canvas, points, colors) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width) return;
  if (canvas.width !== Math.round(width * devicePixelRatio)) {
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  context.clearRect(0, 0, width, height);
  if (points.length < 2) return;
  const low = Math.min(0.9, ...points.map((point) => point.mean - point.deviation));
  const high = Math.max(1.1, ...points.map((point) => point.mean + point.deviation));
  const x = (index) => index / (points.length - 1) * width;
  const y = (value) => height - 2 - (value - low) / (high - low) * (height - 4);
  context.fillStyle = colors.line;
  context.fillRect(0, y(1) - 0.5, width, 1);
  context.beginPath();
  points.forEach((point, index) => context.lineTo(x(index), y(point.mean + point.deviation)));
  [...points].reverse().forEach((point, index) =>
    context.lineTo(x(points.length - 1 - index), y(point.mean - point.deviation)));
  context.fillStyle = colors.rest;
  context.globalAlpha = 0.5;
  context.fill();
  context.globalAlpha = 1;
  context.beginPath();
  points.forEach((point, index) => context.lineTo(x(index), y(point.mean)));
  context.strokeStyle = colors.met;
  context.lineWidth = 1.5;
  context.stroke();
}
