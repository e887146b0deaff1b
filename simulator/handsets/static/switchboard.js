// The row of lamps at the top: which telephone rings or talks, and the way to it.

import { element, setText } from "./dom.js";

const WORDS = { idle: "", ringing: "rings", busy: "on a call" };

export class Switchboard {
  constructor(list, goTo) {
    this.list = list;
    this.goTo = goTo;
    this.lamps = new Map();
  }

  update(phones) {
    const known = new Set(phones.map((phone) => phone.number));
    for (const [number, lamp] of this.lamps) {
      if (!known.has(number)) {
        lamp.item.remove();
        this.lamps.delete(number);
      }
    }
    for (const phone of phones) {
      const lamp = this.lamps.get(phone.number) ?? this.add(phone);
      if (lamp.button.dataset.state === phone.state) continue;
      lamp.button.dataset.state = phone.state;
      setText(lamp.word, WORDS[phone.state]);
      if (phone.state === "ringing") this.bring(lamp.item);
    }
  }

  add(phone) {
    const item = element("li");
    const button = element("button", "lamp");
    button.type = "button";
    const word = element("span", "lamp-word");
    button.append(element("span", "bulb"), element("span", "lamp-name", phone.name), word);
    button.addEventListener("click", () => this.goTo(phone.number));
    item.append(button);
    this.list.append(item);
    const lamp = { item, button, word };
    this.lamps.set(phone.number, lamp);
    return lamp;
  }

  // On a small screen the row scrolls: the one that rings must be seen.
  bring(item) {
    this.list.scrollTo({ left: item.offsetLeft - this.list.clientWidth / 2 + item.offsetWidth / 2 });
  }
}
