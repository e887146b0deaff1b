// The texts of one mobile: a conversation for each number, like on any telephone.

import { act } from "./act.js";
import { element, find, scrollToEnd, setText, show } from "./dom.js";

export class Texts {
  constructor(phone) {
    this.phone = phone;
    this.conversations = new Map(); // number -> {name, bubbles, unread}
    this.select = find(".with", phone.node);
    this.list = find(".bubbles", phone.node);
    this.body = find(".body", phone.node);
    this.select.addEventListener("change", () => this.read());
    find(".compose", phone.node).addEventListener("submit", (event) => this.send(event));
    this.body.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey) this.send(event);
    });
  }

  // The network's lines can always be texted.
  offer(lines) {
    for (const line of lines) {
      const known = this.conversation(line.number, line.name);
      known.name = line.name;
    }
    this.listNames();
  }

  conversation(number, name) {
    if (!this.conversations.has(number)) {
      this.conversations.set(number, { name, bubbles: [], unread: 0 });
    }
    return this.conversations.get(number);
  }

  // `live`: it has just come, and was not there before the page was opened.
  add(bubble, live) {
    const talk = this.conversation(bubble.other, bubble.other_name);
    talk.bubbles.push(bubble);
    const seen = this.isOpen && this.select.value === bubble.other;
    if (!bubble.mine && live && !seen) {
      talk.unread += 1;
      this.announce(bubble);
    }
    this.listNames();
    if (!this.body.value && !seen) this.select.value = bubble.other;
    if (this.select.value === bubble.other) this.draw();
    if (this.isOpen) this.read();
  }

  announce(bubble) {
    const banner = find(".banner", this.phone.node);
    banner.replaceChildren(
      element("strong", "", bubble.other_name),
      element("span", "", bubble.body || "(no words)"),
    );
    show(banner, !this.isOpen);
  }

  get isOpen() {
    return !find(".texting", this.phone.node).hidden;
  }

  read() {
    const talk = this.conversations.get(this.select.value);
    if (talk) talk.unread = 0;
    show(find(".banner", this.phone.node), false);
    this.listNames();
    this.draw();
  }

  listNames() {
    const chosen = this.select.value;
    const options = [...this.conversations].map(([number, talk]) => {
      const unread = talk.unread ? ` (${talk.unread} new)` : "";
      return new Option(talk.name + unread, number);
    });
    this.select.replaceChildren(...options);
    if (this.conversations.has(chosen)) this.select.value = chosen;
    const unread = [...this.conversations.values()].reduce((sum, talk) => sum + talk.unread, 0);
    const badge = find(".unread", this.phone.node);
    setText(badge, unread ? `${unread} new` : "");
    show(badge, unread > 0);
  }

  draw() {
    const talk = this.conversations.get(this.select.value);
    const bubbles = talk ? talk.bubbles : [];
    // Only what is new is added, so that screen readers are told of that alone.
    if (this.drawn !== talk) this.list.replaceChildren();
    this.drawn = talk;
    for (const bubble of bubbles.slice(this.list.childElementCount)) {
      const item = element("p", `bubble ${bubble.mine ? "mine" : "theirs"}`);
      if (bubble.media) item.append(element("span", "picture-sent", "a picture"));
      item.append(bubble.body || (bubble.media ? "" : "(no words)"));
      this.list.append(item);
    }
    scrollToEnd(this.list);
  }

  async send(event) {
    event.preventDefault();
    const words = this.body.value;
    const picture = find(".picture", this.phone.node);
    const text = { phone: this.phone.number, to: this.select.value, words, picture: picture.checked };
    this.body.value = "";
    if (await act("text", text)) picture.checked = false;
    else this.body.value = words;
  }

  forget() {
    this.conversations.clear();
    this.drawn = undefined;
    this.list.replaceChildren();
    this.listNames();
    show(find(".banner", this.phone.node), false);
  }
}
