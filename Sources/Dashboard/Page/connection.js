// The way to heed: its state, then its events; found again by itself after it was lost.

/** Statistics come every second: when nothing has come for this long, the connection is dead. */
const SILENCE = 6000;
const RETRIES = [250, 500, 1000, 2000, 3000];

export class Connection {
  #handlers;
  #events;
  #run;
  #seen = 0;
  #failures = 0;
  #heard = 0;

  /**
   * `handlers`: `state`, `result`, `stats` and `notice` get what was sent; `begun` is called when another run answers
   * than before; `connected` gets true or false, with what went wrong.
   */
  constructor(handlers) {
    this.#handlers = handlers;
    setInterval(() => this.#watch(), 1000);
  }

  async open() {
    try {
      const answer = await fetch("/api/state", { cache: "no-store" });
      const state = await answer.json();
      if (!answer.ok) throw new Error(state.error);
      this.#begin(state);
    } catch (error) {
      this.#lost(error instanceof TypeError || error instanceof SyntaxError ? "" : error.message);
      return;
    }
    const events = new EventSource("/api/events");
    this.#events = events;
    this.#heard = performance.now();
    events.addEventListener("open", () => {
      this.#failures = 0;
      this.#heard = performance.now();
      this.#handlers.connected(true);
    });
    events.addEventListener("error", () => this.#lost(""));
    for (const kind of ["result", "stats", "notice", "state"]) {
      events.addEventListener(kind, (event) => this.#take(kind, event));
    }
  }

  #begin(state) {
    if (this.#run !== undefined && this.#run !== state.started_ns) {
      this.#seen = 0;
      this.#handlers.begun();
    }
    this.#run = state.started_ns ?? undefined;
    this.#handlers.state(state);
  }

  #take(kind, event) {
    this.#heard = performance.now();
    const number = Number(event.lastEventId);
    // A new connection repeats the last results.
    if (number && number <= this.#seen) return;
    if (number) this.#seen = number;
    const data = JSON.parse(event.data);
    // A run that is being prepared has not started yet.
    if (kind === "state") this.#run ??= data.started_ns;
    this.#handlers[kind](data);
  }

  #watch() {
    if (this.#events && performance.now() - this.#heard > SILENCE) this.#lost("");
  }

  #lost(reason) {
    this.#events?.close();
    this.#events = undefined;
    this.#handlers.connected(false, reason);
    const wait = RETRIES[Math.min(this.#failures, RETRIES.length - 1)];
    this.#failures += 1;
    setTimeout(() => this.open(), wait);
  }
}
