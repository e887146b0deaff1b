// One telephone on the table: its display, its transcript, its keys, and what its owner does.

import { act } from "./act.js";
import { element, find, press, scrollToEnd, secondsOf, setText, show } from "./dom.js";
import { Texts } from "./texts.js";

const KEYS = [
  ["1", ""], ["2", "ABC"], ["3", "DEF"],
  ["4", "GHI"], ["5", "JKL"], ["6", "MNO"],
  ["7", "PQRS"], ["8", "TUV"], ["9", "WXYZ"],
  ["*", ""], ["0", ""], ["#", ""],
];
const KEY_NAMES = { "*": "star", "#": "hash" };
const MOST_LINES = 200;

export class Phone {
  // `around` has listenTo(number), sound, and now() in milliseconds by the network's clock.
  constructor(state, around) {
    this.number = state.number;
    this.around = around;
    this.state = state;
    this.sid = "";
    this.node = find("#phone-template").content.firstElementChild.cloneNode(true);
    this.node.dataset.number = state.number;
    this.node.classList.add(state.kind);
    this.part = (name) => find(`.${name}`, this.node);
    this.transcript = this.part("transcript");
    this.texts = new Texts(this);
    this.nameParts(state);
    this.makeKeys();
    this.bind();
  }

  nameParts(state) {
    setText(this.part("name"), state.name);
    setText(this.part("number"), state.name === state.shown ? "" : state.shown);
    find("section", this.node).setAttribute("aria-label", `${state.name}’s ${state.kind}`);
    this.transcript.setAttribute("aria-label", `What ${state.name} hears and says`);
    this.part("keys").setAttribute("aria-label", `Keys of ${state.name}’s telephone`);
    this.part("bubbles").setAttribute("aria-label", `${state.name}’s texts`);
  }

  makeKeys() {
    for (const [key, letters] of KEYS) {
      const button = element("button", "key", key);
      button.type = "button";
      button.dataset.key = key;
      button.setAttribute("aria-label", KEY_NAMES[key] ?? key);
      if (letters) button.append(element("span", "letters", letters));
      button.addEventListener("click", () => this.key(key));
      this.part("keys").append(button);
    }
  }

  bind() {
    const on = (name, kind, does) => this.part(name).addEventListener(kind, does);
    on("call", "click", () => this.dial());
    on("pick-up", "click", () => this.does("pick_up"));
    on("decline", "click", () => this.does("decline"));
    on("hang-up", "click", () => this.does("hang_up"));
    on("behaviour", "change", (event) => this.does("behave", { behaviour: event.target.value }));
    on("ear", "click", () => this.around.listenTo(this.number));
    on("lines", "change", (event) => {
      this.part("to").value = event.target.value;
      this.part("to").dataset.whole = "yes";
    });
    on("to", "keydown", (event) => {
      if (event.key === "Enter") this.dial();
    });
    on("talk", "submit", (event) => this.speak(event));
    on("words", "input", (event) => {
      const words = event.target.value;
      this.part("seconds").placeholder = words ? String(secondsOf(words)) : "sec";
    });
    this.bindHolding();
    on("tab-phone", "click", () => this.turnTo("phone"));
    on("tab-texts", "click", () => this.turnTo("texts"));
    on("banner", "click", () => this.turnTo("texts"));
  }

  bindHolding() {
    const hold = this.part("hold");
    const begin = (event) => {
      if (event.type === "keydown" && (event.repeat || ![" ", "Enter"].includes(event.key))) return;
      event.preventDefault();
      hold.focus();
      hold.classList.add("held");
      setText(hold, "Talking …");
      this.does("begin_talking");
    };
    const end = (event) => {
      if (!hold.classList.contains("held")) return;
      if (event.type === "keyup" && ![" ", "Enter"].includes(event.key)) return;
      hold.classList.remove("held");
      setText(hold, "Hold to talk");
      this.does("stop_talking", { words: this.takeWords() });
    };
    hold.addEventListener("pointerdown", begin);
    hold.addEventListener("keydown", begin);
    for (const kind of ["pointerup", "pointercancel"]) window.addEventListener(kind, end);
    for (const kind of ["keyup", "blur"]) hold.addEventListener(kind, end);
  }

  // What its owner does

  does(action, more = {}) {
    if (action !== "behave") this.around.listenTo(this.number);
    return act(action, { phone: this.number, ...more });
  }

  dial() {
    this.does("call", { to: this.part("to").value, withheld: this.part("withheld").checked });
  }

  key(key) {
    this.around.sound.key(key);
    if (this.state.state === "busy") this.does("press", { key });
    else if (this.state.state === "idle") {
      const to = this.part("to");
      if (to.dataset.whole) to.value = "";
      delete to.dataset.whole;
      to.value += key;
    }
  }

  speak(event) {
    event.preventDefault();
    const seconds = Number(this.part("seconds").value);
    const words = this.takeWords();
    if (words || seconds) this.does("speak", { words, seconds: seconds || secondsOf(words) });
  }

  takeWords() {
    const words = this.part("words").value.trim();
    this.part("words").value = "";
    this.part("seconds").value = "";
    this.part("seconds").placeholder = "sec";
    return words;
  }

  turnTo(tab) {
    const texts = tab === "texts";
    show(this.part("calling"), !texts);
    show(this.part("texting"), texts);
    press(this.part("tab-phone"), !texts);
    press(this.part("tab-texts"), texts);
    if (texts) this.texts.read();
    else scrollToEnd(this.transcript);
  }

  goTo() {
    this.node.scrollIntoView({ block: "nearest", inline: "center" });
    const { state } = this.state;
    const wanted = { ringing: "pick-up", busy: "hang-up", idle: "call" }[state];
    if (state === "ringing") this.turnTo("phone");
    this.part(wanted).focus({ preventScroll: true });
  }

  // What happens to it

  update(state, lines) {
    const rang = this.state.state !== "ringing" && state.state === "ringing";
    this.state = state;
    this.node.dataset.state = state.state;
    this.node.dataset.doing = state.call ? state.call.doing : "";
    if (this.behaviour !== state.behaviour) this.part("behaviour").value = state.behaviour;
    this.behaviour = state.behaviour;
    this.offerActions(state.state);
    show(this.part("dialler"), state.state === "idle");
    show(this.part("talk"), state.call !== null && this.isHeard(state.call));
    if (rang) this.turnTo("phone");
    this.offerLines(lines);
    this.texts.offer(lines);
    this.tick();
  }

  // The button that had the focus may be gone: the transcript is where one waits for what comes.
  offerActions(state) {
    const visible = { idle: ["call"], ringing: ["pick-up", "decline"], busy: ["hang-up"] };
    const focused = document.activeElement;
    for (const name of ["call", "pick-up", "decline", "hang-up"]) {
      const button = this.part(name);
      const wanted = visible[state].includes(name);
      if (!wanted && focused === button) this.transcript.focus({ preventScroll: true });
      show(button, wanted);
    }
  }

  // Whether anybody, or a recording, would hear words said now.
  isHeard(call) {
    return this.state.state === "busy" && (call.with_whom !== "" || call.doing === "recording");
  }

  tick() {
    const { call } = this.state;
    const now = new Date(this.around.now());
    const time = now.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    setText(this.part("who"), call ? call.display : time);
    setText(this.part("word"), call ? this.sentence(call) : this.idleWord());
    const since = call && call.since ? Date.parse(call.since) : null;
    const seconds = since === null ? 0 : Math.max(0, (this.around.now() - since) / 1000);
    const clock = `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
    setText(this.part("clock"), since === null ? "" : clock);
  }

  sentence(call) {
    if (this.state.state === "ringing") return call.number === call.display ? "rings" : call.number;
    return call.with_whom ? `Talking with ${call.with_whom}` : call.word;
  }

  idleWord() {
    return { dead: "No such number", busy: "Busy" }[this.state.behaviour] ?? "Ready";
  }

  offerLines(lines) {
    const known = JSON.stringify(lines);
    if (known === this.known) return;
    this.known = known;
    const select = this.part("lines");
    select.replaceChildren(...lines.map((line) => new Option(line.name, line.shown)));
    show(this.part("lines-label"), lines.length > 1);
    setText(this.part("line-name"), lines.length === 1 ? lines[0].name : "");
    const to = this.part("to");
    if (!to.value && lines.length > 0) {
      to.value = lines[0].shown;
      to.dataset.whole = "yes";
    }
  }

  hear(line) {
    if (line.call !== this.sid) {
      this.sid = line.call;
      this.transcript.replaceChildren();
    }
    const item = element("p", `said ${line.who}`);
    if (line.sound === "key") item.classList.add("pressed");
    if (line.sound && !["say", "spoken", "key", "ended"].includes(line.sound)) {
      item.classList.add("tone");
    }
    if (line.language) item.lang = line.language;
    item.textContent = line.text;
    this.transcript.append(item);
    while (this.transcript.childElementCount > MOST_LINES) this.transcript.firstChild.remove();
    scrollToEnd(this.transcript);
  }

  cutOff() {
    const heard = this.transcript.querySelectorAll(".said.line");
    if (heard.length > 0) heard[heard.length - 1].classList.add("cut");
  }

  setEar(here) {
    this.node.classList.toggle("at-ear", here);
    press(this.part("ear"), here);
    setText(this.part("ear"), here ? "Listening" : "Listen");
  }

  forget() {
    this.sid = "";
    this.transcript.replaceChildren();
    this.texts.forget();
  }

  remove() {
    this.node.remove();
  }
}
