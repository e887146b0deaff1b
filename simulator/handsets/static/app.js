// Puts the page together: what happens goes to the telephones, the story, the tour and the ears.

import { act } from "./act.js";
import { find, press, isPressed, remember, remembered, setText, show } from "./dom.js";
import { follow } from "./feed.js";
import { Phone } from "./phone.js";
import { Sound } from "./sound.js";
import { Story } from "./story.js";
import { Switchboard } from "./switchboard.js";
import { Tour } from "./tour.js";
import { Tray } from "./tray.js";
import { Voice } from "./voice.js";

const TINTS = 4;
const KEYS = /^[0-9*#]$/;
const STARTERS = [
  { number: "01632 960101", name: "Edna", kind: "landline" },
  { number: "07700 900150", name: "Sam", kind: "mobile" },
];

const phones = new Map();
const sound = new Sound();
const voice = new Voice();
const story = new Story(find("#story"), find("#story-empty"), find("#details"));
const switchboard = new Switchboard(find("#switchboard"), (number) => phones.get(number).goTo());
const tray = new Tray(find("#tray"));
const tour = new Tour(find("#tour"));
let past = 0; // what happened up to this number was over before the page was opened
let skew = 0; // the network's clock minus this browser's, in milliseconds
let ear = ""; // the telephone that is listened to

function listenTo(number) {
  if (ear === number) return;
  ear = number;
  voice.hush();
  sound.atEar(null);
  for (const phone of phones.values()) phone.setEar(phone.number === number);
}

const feed = {
  lost(lost) {
    show(find("#lost"), lost);
    document.body.classList.toggle("is-lost", lost);
    if (lost) sound.stop();
  },

  hello(hello) {
    past = hello.last;
    skew = Date.parse(hello.now) - Date.now();
    if (!hello.fresh) return;
    for (const phone of phones.values()) phone.forget();
    story.forget();
    tour.forget();
    if (hello.restarted) story.say("The telephone exchange was started anew.", "warn");
  },

  told(told) {
    const live = told.number > past;
    story.tell(told);
    if (live) tour.tell(told);
    if (live && (told.kind === "ringing" || told.tone === "bad")) announce(told.story);
    for (const line of told.lines) {
      phones.get(line.phone)?.hear(line);
      if (live && line.phone === ear) listen(line);
    }
    if (told.cut_off) {
      phones.get(told.cut_off)?.cutOff();
      if (told.cut_off === ear) hush();
    }
    if (told.bubble) phones.get(told.bubble.phone)?.texts.add(told.bubble, live);
    if (live && told.bubble && !told.bubble.mine) sound.text();
  },

  table(table) {
    for (const state of table.phones) {
      if (!phones.has(state.number)) add(state);
      phones.get(state.number).update(state, table.lines);
    }
    for (const [number, phone] of phones) {
      if (!table.phones.some((state) => state.number === number)) {
        tray.remove(number);
        phone.remove();
        phones.delete(number);
      }
    }
    arrange(table.phones);
    switchboard.update(table.phones);
    const rings = table.phones.find((phone) => phone.state === "ringing");
    document.title = rings ? `${rings.name} rings – Telephones` : "Telephones";
    tray.update();
    tour.update(table);
    sound.ring(table.phones.filter((phone) => phone.state === "ringing"));
    tellEmpty(table);
  },
};

function add(state) {
  const phone = new Phone(state, { listenTo, sound, now: () => Date.now() + skew });
  phone.node.classList.add(`tint-${phones.size % TINTS}`);
  phones.set(state.number, phone);
  find("#phones").append(phone.node);
  tray.add(phone);
}

// Puts them in the network's order; what stands where it should is left alone.
function arrange(states) {
  const list = find("#phones");
  states.forEach((state, place) => {
    const { node } = phones.get(state.number);
    if (list.children[place] !== node) list.insertBefore(node, list.children[place]);
  });
}

function announce(words) {
  setText(find("#announcement"), words);
}

function listen(line) {
  if (line.sound === "say") voice.say(line.text, line.language, line.seconds);
  else if (line.sound === "spoken" && line.who === "other") voice.say(line.text, "", line.seconds);
  else if (line.sound === "play" && line.url) sound.play(line.url);
  else if (line.sound === "ended") hush();
  else sound.atEar(line.sound, line.seconds);
}

function hush() {
  voice.hush();
  sound.atEar(null);
}

function tellEmpty(table) {
  const phonesMissing = table.phones.length === 0;
  const linesMissing = table.lines.length === 0;
  show(find("#empty"), phonesMissing || linesMissing);
  show(find("#starters"), phonesMissing);
  if (linesMissing) {
    setText(find("#empty-title"), "No line is connected yet");
    setText(
      find("#empty-words"),
      "As soon as a program gives this network a number (by REST, or by --numbers), " +
        "you can ring it from here.",
    );
  } else {
    setText(find("#empty-title"), "No telephone on the table yet");
    setText(find("#empty-words"), "Take these two to begin with, or add any number below.");
  }
}

function bindSwitches() {
  const soundSwitch = find("#sound");
  const voiceSwitch = find("#voice");
  const setSound = (on) => {
    press(soundSwitch, on);
    remember("sound", on);
    sound.allow(on);
  };
  const setVoice = (on) => {
    press(voiceSwitch, on);
    remember("voice", on);
    voice.allow(on);
  };
  setSound(remembered("sound") === "true");
  setVoice(remembered("voice") === "true");
  soundSwitch.addEventListener("click", () => setSound(!isPressed(soundSwitch)));
  voiceSwitch.addEventListener("click", () => setVoice(!isPressed(voiceSwitch)));
  find("#tour-sound").addEventListener("click", () => {
    setSound(true);
    setVoice(true);
  });
}

function bindTable() {
  find("#starters").addEventListener("click", () => {
    for (const starter of STARTERS) act("add_phone", starter);
  });
  find("#add").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (await act("add_phone", Object.fromEntries(new FormData(form)))) form.reset();
  });
  document.addEventListener("keydown", (event) => {
    if (!KEYS.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    const focused = event.target.closest(".phone");
    const phone = phones.get(focused ? focused.dataset.number : ear);
    if (phone) phone.key(event.key);
  });
}

bindSwitches();
bindTable();
setInterval(() => phones.forEach((phone) => phone.tick()), 1000);
follow(feed);
