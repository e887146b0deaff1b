// What rings out of sight: a card at the bottom of the window, to pick up or decline there.

import { element, find, setText, show } from "./dom.js";

// Less of its buttons than this to be seen, and a telephone counts as out of sight.
const SEEN = 0.6;

export class Tray {
  constructor(list) {
    this.list = list;
    this.cards = new Map(); // number -> {phone, node, words, seen}
    this.watch = new IntersectionObserver((changes) => this.looked(changes), { threshold: SEEN });
  }

  add(phone) {
    const node = element("li", "ringing-card");
    const words = element("p");
    const pickUp = this.button("Pick up", "pick-up", async () => {
      await phone.does("pick_up");
      phone.goTo();
    });
    const decline = this.button("Decline", "decline", () => phone.does("decline"));
    node.append(words, pickUp, decline);
    node.hidden = true;
    this.list.append(node);
    this.cards.set(phone.number, { phone, node, words, seen: true });
    this.watch.observe(find(".actions", phone.node));
  }

  button(words, kind, does) {
    const button = element("button", kind, words);
    button.type = "button";
    button.addEventListener("click", does);
    return button;
  }

  looked(changes) {
    for (const change of changes) {
      const { number } = change.target.closest(".phone").dataset;
      const card = this.cards.get(number);
      if (card) card.seen = change.intersectionRatio >= SEEN;
    }
    this.update();
  }

  update() {
    for (const { phone, node, words, seen } of this.cards.values()) {
      const rings = phone.state.state === "ringing";
      if (rings) setText(words, `${phone.state.name}’s telephone rings`);
      show(node, rings && !seen);
    }
  }

  remove(number) {
    const card = this.cards.get(number);
    this.watch.unobserve(find(".actions", card.phone.node));
    card.node.remove();
    this.cards.delete(number);
  }
}
