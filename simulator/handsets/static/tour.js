// The first-use hint: what to try, ticked off as it happens.

import { element, find, remember, remembered, setText, show } from "./dom.js";

// Each step: its words, from the name on the first landline, and what shows that it is done.
const STEPS = [
  {
    words: (name) => `Press Call on ${name}’s telephone.`,
    done: (told) => told.kind === "call_started" && told.story !== "",
  },
  {
    words: () => "Listen, and press nothing: somebody who says nothing wants a person.",
    done: (told) => told.kind === "ringing",
  },
  {
    words: () => "Another telephone rings. Let its voicemail take it, or decline.",
    done: (told) => told.kind === "ended" && /declines|voicemail|not answer|call is over/.test(told.story),
  },
  {
    words: () => "The next one rings: pick up and press 1. Now the two are talking.",
    done: (told) => told.kind === "bridged",
  },
  {
    words: () => "Hang up. Soon a text comes: open Texts on that mobile, and answer it.",
    done: (told) => told.kind === "text_received",
  },
];

export class Tour {
  constructor(section) {
    this.section = section;
    this.list = find("#tour-steps", section);
    this.items = STEPS.map(() => element("li"));
    this.list.append(...this.items);
    this.forget();
    this.open = remembered("tour") !== "closed";
    find("#tour-close").addEventListener("click", () => this.set(false));
    find("#show-tour").addEventListener("click", () => this.set(!this.open));
  }

  set(open) {
    this.open = open;
    remember("tour", open ? "open" : "closed");
    show(this.section, open && this.possible);
  }

  update(table) {
    const caller = table.phones.find((phone) => phone.kind === "landline") ?? table.phones[0];
    this.possible = Boolean(caller) && table.lines.length > 0;
    show(this.section, this.open && this.possible);
    if (!caller) return;
    STEPS.forEach((step, place) => setText(this.items[place], step.words(caller.name)));
  }

  tell(told) {
    const next = this.items.findIndex((item) => !item.classList.contains("done"));
    STEPS.forEach((step, place) => {
      if (place < next || next < 0 || !step.done(told)) return;
      for (const item of this.items.slice(0, place + 1)) item.classList.add("done");
    });
    this.mark();
  }

  mark() {
    let found = false;
    for (const item of this.items) {
      const next = !found && !item.classList.contains("done");
      item.classList.toggle("next", next);
      if (next) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      found ||= next;
    }
  }

  forget() {
    for (const item of this.items) item.classList.remove("done");
    this.mark();
  }
}
