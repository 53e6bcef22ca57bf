// The goal of a stream as controls; each change is sent at once, and what the server says to it shown in place.

import { element, fields } from "./words.js";

/** The slider runs over deadlines from 2 ms to 5 s, evenly in their logarithm. */
const SHORTEST = 2;
const LONGEST = 5000;
const toSlider = (deadline) => Math.log(deadline / SHORTEST) / Math.log(LONGEST / SHORTEST);
const fromSlider = (place) => Number((SHORTEST * (LONGEST / SHORTEST) ** place).toPrecision(2));

export class GoalForm {
  #form;
  #parts;
  #stream;
  #onState;

  constructor(form, stream, onState) {
    this.#form = form;
    this.#parts = fields(form);
    this.#stream = stream;
    this.#onState = onState;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => this.#changed(event.target));
    this.#control("deadline-slider").addEventListener("input", (event) => {
      this.#control("deadline_ms").value = fromSlider(Number(event.target.value));
    });
  }

  /** Shows what is in force; a control that somebody is at is left alone. */
  show({ goal, policy, policies = [policy] }, disabled) {
    for (const control of this.#form.elements) control.disabled = disabled;
    this.#set("deadline_ms", goal.deadline_ms);
    this.#set("deadline-slider", toSlider(goal.deadline_ms));
    this.#set("max_energy_j", goal.max_energy_j ?? "");
    this.#set("min_accuracy", goal.min_accuracy == null ? "" : Number((goal.min_accuracy * 100).toPrecision(6)));
    for (const radio of this.#form.querySelectorAll("[name=minimize]")) radio.checked = radio.value === goal.minimize;
    for (const bound of this.#form.querySelectorAll("[data-when]")) {
      bound.hidden = bound.dataset.when !== goal.minimize;
    }
    const menu = this.#control("policy");
    if ([...menu.options].map((option) => option.value).join() !== policies.join()) {
      menu.replaceChildren(...policies.map((name) => element("option", name)));
    }
    this.#set("policy", policy);
    const sure = Number(((goal.confidence ?? 0.95) * 100).toPrecision(4));
    this.#parts.confidence.textContent = `In time with a probability of ${sure} %`;
  }

  #control(name) {
    return this.#form.elements.namedItem(name);
  }

  #set(name, value) {
    const control = this.#control(name);
    if (document.activeElement !== control || name === "deadline-slider") control.value = value;
  }

  #changed(control) {
    const change = this.#change(control);
    if (control.type === "number" && (!control.validity.valid || (control.required && control.value === ""))) {
      this.#refuse(`${control.validationMessage} Nothing was changed.`);
      control.ariaInvalid = "true";
      return;
    }
    control.ariaInvalid = null;
    this.#send(change);
  }

  #change(control) {
    switch (control.name) {
      case "deadline-slider": return { deadline_ms: fromSlider(Number(control.value)) };
      case "deadline_ms": return { deadline_ms: control.valueAsNumber };
      case "max_energy_j": return { max_energy_j: control.value === "" ? null : control.valueAsNumber };
      case "min_accuracy":
        return { min_accuracy: control.value === "" ? null : Number((control.valueAsNumber / 100).toPrecision(6)) };
      default: return { [control.name]: control.value };
    }
  }

  async #send(change) {
    try {
      const state = await post("/api/goals", { stream: this.#stream, ...change });
      this.#parts.error.hidden = true;
      this.#onState(state);
    } catch (error) {
      this.#refuse(error.message);
    }
  }

  #refuse(message) {
    this.#parts.error.textContent = message;
    this.#parts.error.hidden = false;
  }
}

/** Sends JSON; the answer as JSON, or an error with the server's own words. */
export async function post(path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
  } catch {
    throw new Error("heed cannot be reached; nothing was changed.");
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error ?? `heed refused this (${answer.status}).`);
  return said;
}
