// The last samples of a stream, bounded, in the order of their capture.

const KEPT = 4000;

export class History {
  #marks = [];
  /** How many of the kept samples each candidate answered; "" for those without an answer. */
  used = new Map();
  /** The newest line with an answer. */
  lastAnswered;

  /** Takes a line of the results. */
  add(result) {
    const mark = {
      at: result.captured_ns, sequence: result.sequence, outcome: result.outcome, candidate: result.candidate ?? "",
      latency: result.latency_ms, inference: result.inference_ms, deadline: result.deadline_ms, result,
    };
    // A superseded sample's line may come after that of a newer one.
    let place = this.#marks.length;
    while (place > 0 && this.#marks[place - 1].at > mark.at) place -= 1;
    this.#marks.splice(place, 0, mark);
    this.#count(mark.candidate, 1);
    if (result.label != null && !(this.lastAnswered?.sequence > result.sequence)) this.lastAnswered = result;
    if (this.#marks.length > KEPT) {
      for (const old of this.#marks.splice(0, KEPT / 10)) this.#count(old.candidate, -1);
    }
    return mark;
  }

  get newest() { return this.#marks.at(-1); }

  between(start, end) {
    return this.#marks.slice(this.#firstFrom(start), this.#firstFrom(end + 1));
  }

  /** The sample `steps` after `mark`, as far as there are any. */
  beside(mark, steps) {
    const place = mark ? this.#marks.indexOf(mark) : this.#marks.length - 1;
    return this.#marks[Math.max(0, Math.min(this.#marks.length - 1, place + steps))];
  }

  #count(candidate, change) {
    const count = (this.used.get(candidate) ?? 0) + change;
    if (count > 0) this.used.set(candidate, count); else this.used.delete(candidate);
  }

  #firstFrom(at) {
    let low = 0, high = this.#marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#marks[middle].at < at) low = middle + 1; else high = middle;
    }
    return low;
  }
}
