// The strip at the side: what just happened, in plain words, newest first.

import { act } from "./act.js";
import { element, isPressed, press, remember, remembered, show } from "./dom.js";

const MOST = 300;

export class Story {
  constructor(list, empty, details) {
    this.list = list;
    this.empty = empty;
    const set = (on) => {
      press(details, on);
      list.classList.toggle("with-details", on);
      remember("details", on);
    };
    set(remembered("details") === "true");
    details.addEventListener("click", () => set(!isPressed(details)));
  }

  tell(told) {
    if (!told.story) return;
    const item = this.item(told.story, told.tone, new Date(told.at));
    if (told.offer) item.append(this.offer(told.offer));
    this.put(item);
  }

  say(words, tone) {
    this.put(this.item(words, tone, new Date()));
  }

  item(words, tone, at) {
    const item = element("div", `happening ${tone}`);
    const time = element("time", "", at.toLocaleTimeString([], { hour12: false }));
    time.dateTime = at.toISOString();
    item.append(time, element("span", "words", words));
    return item;
  }

  offer(number) {
    const button = element("button", "offer", "Put that telephone on the table");
    button.type = "button";
    button.addEventListener("click", async () => {
      const added = await act("add_phone", { number, kind: "mobile", name: "" });
      if (added) button.remove();
    });
    return button;
  }

  put(item) {
    show(this.empty, false);
    this.list.prepend(item);
    while (this.list.childElementCount > MOST) this.list.lastChild.remove();
  }

  forget() {
    this.list.replaceChildren();
    show(this.empty, true);
  }
}
