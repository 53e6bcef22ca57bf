// The captions: committed words, which never change, and after them the words that may.

import { element, runTime } from "./words.js";

const UTTERANCES_KEPT = 60;

export class Captions {
  #box;
  #lines;
  #silence;
  #open = new Map();
  /** Whether nobody has scrolled back to read what was said before. */
  #follows = true;

  constructor({ captions, lines, silence }) {
    this.#box = captions;
    this.#lines = lines;
    this.#silence = silence;
    captions.hidden = false;
    captions.addEventListener("scroll", () => {
      this.#follows = captions.scrollHeight - captions.scrollTop - captions.clientHeight < 48;
    });
  }

  /** Takes one line of speech; one that stands for no words, such as a superseded sample's, changes nothing. */
  show(result) {
    if (result.kind === "gap") {
      const seconds = (result.end ?? 0) - (result.start ?? 0);
      this.#add(result.start, element("span", `[gap ${seconds.toFixed(1)} s]`, "gap"));
    } else if (result.utterance != null) {
      this.#speak(result);
    }
    this.#silence.hidden = this.#lines.childElementCount > 0;
    if (this.#follows) this.#box.scrollTop = this.#box.scrollHeight;
  }

  #speak(result) {
    const words = (result.committed ?? []).map((word) => word.text).join(" ");
    let line = this.#open.get(result.utterance);
    if (!line) {
      if (!words && !result.unconfirmed && !result.text) return;
      line = { committed: element("span"), unconfirmed: element("span", "", "unconfirmed") };
      // Words that may still change would flood a screen reader.
      line.unconfirmed.ariaHidden = "true";
      this.#open.set(result.utterance, line);
      this.#add(result.start, line.committed, line.unconfirmed);
    }
    if (words) {
      const piece = element("span", `${words} `);
      piece.dataset.sequence = result.sequence;
      line.committed.append(piece);
    }
    if (result.kind === "final") this.#complete(line, result.text ?? "");
    if (result.unconfirmed != null || result.kind === "final" || words) {
      line.unconfirmed.textContent = result.kind === "final" ? "" : (result.unconfirmed ?? "");
    }
    if (result.kind === "final") this.#open.delete(result.utterance);
  }

  /** A page that was opened in mid-sentence has missed the words before; the final line has them. */
  #complete(line, text) {
    const shown = line.committed.textContent.trim();
    if (text.endsWith(shown)) line.committed.prepend(text.slice(0, text.length - shown.length));
  }

  #add(start, ...parts) {
    const line = element("p");
    const time = element("time", start == null ? "" : runTime(start));
    time.ariaHidden = "true";
    line.append(time, ...parts);
    this.#lines.append(line);
    while (this.#lines.childElementCount > UTTERANCES_KEPT) this.#lines.firstElementChild.remove();
    if (this.#open.size > UTTERANCES_KEPT) this.#open.delete(this.#open.keys().next().value);
  }
}
