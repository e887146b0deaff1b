// Small helps with the page: elements, messages that go away, and what this browser remembers.

const TOAST_MS = 6000;

export const find = (selector, from = document) => from.querySelector(selector);

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

// Changes the text only when it differs, so that screen readers are not told again.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function show(node, visible) {
  if (node.hidden === visible) node.hidden = !visible;
}

export function press(button, pressed) {
  button.setAttribute("aria-pressed", String(pressed));
}

export const isPressed = (button) => button.getAttribute("aria-pressed") === "true";

export function scrollToEnd(list) {
  list.scrollTop = list.scrollHeight;
}

export function toast(words) {
  const node = element("p", "toast", words);
  find("#toasts").append(node);
  setTimeout(() => node.remove(), TOAST_MS);
}

// Browsers may forbid to remember anything; the page works all the same.
export function remember(name, value) {
  try {
    localStorage.setItem(`handsets.${name}`, value);
  } catch {
    // Not remembered.
  }
}

export function remembered(name) {
  try {
    return localStorage.getItem(`handsets.${name}`);
  } catch {
    return null;
  }
}

// How long words take to say, in seconds: the pace of the network's own voice.
export const secondsOf = (words) => Math.max(1, Math.round(words.length / 14));
