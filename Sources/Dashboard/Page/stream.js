// One stream's part of the page: what is recognised, the choices, the figures, the goal.

import { Captions } from "./captions.js";
import { ChoiceChart, drawSlowdown } from "./chart.js";
import { glyphElement } from "./glyphs.js";
import { GoalForm, post } from "./goals.js";
import { History } from "./history.js";
import {
  OUTCOMES, element, fields, fileName, joules, milliseconds, number, percent, say, wholePercent,
} from "./words.js";

const SPANS = [10, 30, 120];
const SLOWDOWNS_KEPT = 120;
const PICTURE_RETRY = 3000;
const TITLES = { frames: "Camera", speech: "Speech" };

export class StreamView {
  id;
  section;
  #parts;
  #history = new History();
  #chart;
  #captions;
  #goal;
  #counts = new Map();
  #slowdowns = [];
  #hovered;
  #pinned;
  #shown;
  #textDue = 0;
  #pictureWanted = false;

  constructor(stream, onState) {
    this.id = stream.id;
    this.section = document.querySelector("#stream").content.cloneNode(true).firstElementChild;
    this.#parts = fields(this.section);
    this.#parts.title.textContent = TITLES[this.id] ?? this.id;
    this.#chart = new ChoiceChart(this.#parts.chart, this.#history);
    this.#goal = new GoalForm(this.#parts.goal, this.id, onState);
    if (this.hasWords) this.#captions = new Captions(this.#parts);
    else this.#preparePicture();
    this.#prepareSpans();
    this.#prepareOutcomes();
    this.#prepareSelection();
  }

  get hasWords() { return this.id.startsWith("speech"); }
  get newest() { return this.#history.newest?.at; }

  /** A state of the server. */
  take(stream, { ended, recording }) {
    const source = stream.source ?? "";
    say(this.#parts.source, recording ? source.replace(recording, fileName(recording)) : source);
    this.#chart.candidates = stream.candidates ?? [];
    if (stream.goal) this.#goal.show(stream, ended);
  }

  add(result) {
    this.#history.add(result);
    this.#captions?.show(result);
  }

  remove() {
    this.watch(false, false);
    this.section.remove();
  }

  figures(stats) {
    const parts = this.#parts;
    const outcomes = stats.outcomes ?? {};
    for (const [outcome, count] of this.#counts) {
      say(count, number(outcomes[outcome] ?? 0));
      count.parentElement.classList.toggle("none", !outcomes[outcome]);
    }
    say(parts.samples, `of ${number(stats.samples)}`);
    say(parts["in-time"], stats.samples ? percent((outcomes.met ?? 0) / stats.samples) : "–");
    for (const name of ["p50", "p95", "p99", "max"]) say(parts[name], milliseconds(stats.latency_ms?.[name]));
    const share = stats.inference_share;
    parts["share-bar"].style.width = `${(share ?? 0) * 100}%`;
    say(parts.share, share == null ? "" : `${percent(share)} inference`);
    if (stats.queue) say(parts.queue, `${stats.queue.depth} of ${stats.queue.capacity}`);
    say(parts.energy, joules(stats.energy_j?.per_sample));
    say(parts["energy-total"], joules(stats.energy_j?.total));
    say(parts["energy-source"], stats.energy_j?.source ?? "–");
    parts["energy-source"].classList.toggle("estimated", stats.energy_j?.source?.includes("estimated") ?? false);
    const { mean, deviation = 0 } = stats.slowdown ?? {};
    if (mean == null) return;
    say(parts.slowdown, mean.toFixed(2));
    say(parts.deviation, `± ${deviation.toFixed(2)}`);
    this.#slowdowns.push({ mean, deviation });
    if (this.#slowdowns.length > SLOWDOWNS_KEPT) this.#slowdowns.shift();
  }

  /** Draws what has changed; `end` is the time (ns) at the chart's right edge. */
  draw(end, colors, now) {
    const selected = this.#hovered ?? this.#pinned;
    this.#chart.draw(Math.max(end, this.newest ?? 0), colors, selected);
    if (now < this.#textDue && this.#shown === selected) return;
    this.#textDue = now + 250;
    drawSlowdown(this.#parts["slowdown-line"], this.#slowdowns, colors);
    say(this.#parts.chosen, this.#chart.summary);
    this.#explain(selected ?? this.#history.newest);
    this.#shown = selected;
    if (!this.#captions) this.#showAnswer();
  }

  /** Asks for pictures when somebody looks and heed can be reached; without heed, the last one stays. */
  watch(seen, reached) {
    if (this.#captions) return;
    const wanted = seen && reached;
    if (wanted && !this.#pictureWanted) this.#parts.image.src = `/preview.mjpeg?${Math.round(performance.now())}`;
    if (!seen) {
      this.#parts.image.removeAttribute("src");
      this.#parts.image.hidden = true;
    }
    this.#pictureWanted = wanted;
  }

  #preparePicture() {
    const { picture, image, top } = this.#parts;
    picture.hidden = top.hidden = false;
    image.addEventListener("load", () => {
      this.#hasPicture(true);
      picture.style.aspectRatio = `${image.naturalWidth} / ${image.naturalHeight}`;
    });
    image.addEventListener("error", () => this.#hasPicture(image.naturalWidth > 0));
  }

  #hasPicture(there) {
    if (!there && this.#pictureWanted) setTimeout(() => { this.#pictureWanted = false; }, PICTURE_RETRY);
    this.#parts.image.hidden = !there;
    this.#parts["no-picture"].hidden = there;
  }

  #showAnswer() {
    const answered = this.#history.lastAnswered;
    if (!answered) return;
    say(this.#parts.label, answered.label);
    say(this.#parts.score, wholePercent(answered.score));
    const list = this.#parts.top;
    for (const [index, { label, score }] of (answered.top ?? []).entries()) {
      const line = list.children[index] ?? list.appendChild(answerLine());
      say(line.children[0], label);
      say(line.children[1], wholePercent(score));
      line.children[2].firstElementChild.style.width = `${score * 100}%`;
    }
  }

  #prepareSpans() {
    this.#chart.span = this.hasWords ? SPANS[1] : SPANS[0];
    for (const span of SPANS) {
      const label = element("label");
      const input = element("input");
      Object.assign(input, { type: "radio", name: `span-${this.id}`, value: span, checked: span === this.#chart.span });
      input.addEventListener("change", () => { this.#chart.span = span; });
      label.append(input, element("span", span < 60 ? `${span} s` : `${span / 60} min`));
      this.#parts.span.append(label);
    }
  }

  #prepareOutcomes() {
    for (const outcome of OUTCOMES) {
      const line = element("li", "", "none");
      const count = element("b", "0");
      line.append(glyphElement(outcome), element("span", outcome), count);
      this.#counts.set(outcome, count);
      this.#parts.outcomes.append(line);
    }
  }

  #prepareSelection() {
    const { chart } = this.#parts;
    const under = (event) => this.#chart.at(event.offsetX, event.offsetY);
    chart.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "touch") this.#hovered = under(event);
    });
    chart.addEventListener("pointerleave", () => { this.#hovered = undefined; });
    chart.addEventListener("click", (event) => this.#pin(under(event)));
    chart.addEventListener("keydown", (event) => this.#step(event));
    for (const button of this.section.querySelectorAll("[data-good]")) {
      button.addEventListener("click", () => this.#judge(button.dataset.good === "true"));
    }
    this.section.querySelector("[data-action=follow]").addEventListener("click", () => {
      this.#pin(undefined);
      chart.focus();
    });
    this.#pin(undefined);
  }

  #step(event) {
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10, Home: -1e6 };
    if (event.key === "Escape" || event.key === "End") this.#pin(undefined);
    else if (event.key in steps) this.#pin(this.#history.beside(this.#pinned, steps[event.key]));
    else return;
    event.preventDefault();
  }

  #pin(mark) {
    this.#pinned = mark;
    this.section.querySelector("[data-action=follow]").hidden = !mark;
    const { chart } = this.#parts;
    const newest = this.#history.newest?.sequence ?? 0;
    chart.ariaValueMax = String(newest);
    chart.ariaValueNow = String(mark?.sequence ?? newest);
    chart.ariaValueText = mark ? `${this.#facts(mark.result)}. ${mark.result.reason ?? ""}` : "the newest";
    this.#textDue = 0;
  }

  #facts(result) {
    const { sequence, count = 1, outcome, latency_ms: latency, deadline_ms: deadline } = result;
    const many = count > 1 ? `–${sequence + count - 1}` : "";
    const time = latency == null ? `; deadline ${milliseconds(deadline)}`
      : `: ${number(latency)} of ${milliseconds(deadline)}`;
    const inference = result.inference_ms == null ? "" : `, inference ${number(result.inference_ms)}`;
    const expected = result.predicted_ms == null ? "" : ` (${number(result.predicted_ms)} expected)`;
    return `No. ${sequence}${many} ${outcome}${deadline == null ? "" : time}${inference}${expected}`;
  }

  #explain(mark) {
    if (!mark) {
      say(this.#parts.sample, "Waiting for the first sample.");
      return;
    }
    say(this.#parts.sample, this.#facts(mark.result));
    if (this.#parts.mark.firstElementChild?.dataset.outcome !== mark.outcome) {
      this.#parts.mark.replaceChildren(glyphElement(mark.outcome));
    }
    const fallback = mark.result.fallback ? ` Instead of what was asked for: ${mark.result.fallback}.` : "";
    say(this.#parts.why, `${mark.result.reason ?? ""}${fallback}`);
  }

  async #judge(good) {
    const mark = this.#hovered ?? this.#pinned ?? this.#history.newest;
    if (!mark) return;
    try {
      await post("/api/feedback", { stream: this.id, sequence: mark.sequence, good });
      say(this.#parts.judged, `Sample ${mark.sequence}: ${good ? "good" : "bad"}, noted.`);
    } catch (error) {
      say(this.#parts.judged, error.message);
    }
  }
}

function answerLine() {
  const line = element("li");
  const bar = element("i");
  bar.append(element("i"));
  line.append(element("span"), element("b"), bar);
  return line;
}
