// The first-use hint: what to try, ticked off as it happens.

import { element, find, press, remember, remembered, setText, show } from "./dom.js";

// Each step: its words, from the name of the first telephone, and what shows that it is done.
// `seen` holds the telephones that rang, and those that talked.
const STEPS = [
  {
    words: (name) => `Press Call on ${name}’s telephone.`,
    done: (told) => told.kind === "call_started",
  },
  {
    words: () => "Listen, and press nothing: whoever says nothing wants a person.",
    done: (told) => told.kind === "ringing",
  },
  {
    words: () => "Another telephone rings. Decline, or let its voicemail take it.",
    done: (told, seen) => {
      const phone = told.lines[0]?.phone;
      return told.kind === "ended" && seen.rang.has(phone) && !seen.talked.has(phone);
    },
  },
  {
    words: () => "The next one rings. Pick up and press 1: now the two can talk.",
    done: (told) => told.kind === "bridged",
  },
  {
    words: () => "Hang up. By day a text comes: open Texts on that mobile, and answer it.",
    done: (told, seen) => told.kind === "text_received" && seen.talked.has(told.bubble.phone),
  },
];

export class Tour {
  constructor(section) {
    this.section = section;
    this.items = STEPS.map(() => element("li"));
    this.items.forEach((item, place) => {
      item.dataset.step = String(place + 1);
    });
    find("#tour-steps").append(...this.items);
    this.opener = find("#show-tour");
    this.possible = false;
    this.forget();
    this.set(remembered("tour") !== "closed");
    find("#tour-close").addEventListener("click", () => this.set(false));
    this.opener.addEventListener("click", () => this.set(!this.open));
  }

  set(open) {
    this.open = open;
    remember("tour", open ? "open" : "closed");
    press(this.opener, open);
    show(this.section, open && this.possible);
  }

  update(table) {
    const caller = table.phones[0];
    this.possible = Boolean(caller) && table.lines.length > 0;
    show(this.section, this.open && this.possible);
    if (!caller) return;
    STEPS.forEach((step, place) => setText(this.items[place], step.words(caller.name)));
  }

  tell(told) {
    const phones = told.lines.map((line) => line.phone);
    if (told.kind === "ringing") phones.forEach((phone) => this.seen.rang.add(phone));
    if (told.kind === "bridged") phones.forEach((phone) => this.seen.talked.add(phone));
    STEPS.forEach((step, place) => {
      // Whoever skips a step has done it all the same.
      if (place >= this.next && step.done(told, this.seen)) this.next = place + 1;
    });
    this.mark();
  }

  mark() {
    this.items.forEach((item, place) => {
      item.classList.toggle("done", place < this.next);
      item.classList.toggle("next", place === this.next);
      if (place === this.next) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
    show(find("#tour-done"), this.next === STEPS.length);
  }

  forget() {
    this.next = 0;
    this.seen = { rang: new Set(), talked: new Set() };
    this.mark();
  }
}
