// What a request's page does better with a script; all of it works without.
"use strict";

// How many texts the words will be (3GPP TS 23.038): 160 letters of the plain alphabet, or 153 in
// each of several; 70, or 67, with any other letter.
const BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENDED = "\f^{}\\[~]|€";

function plain(words) {
  return words
    .replace(/[‘’‚‛′]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/[‐‑‒–—―−]/g, "-")
    .replace(/[\u00a0\u2007\u2009\u202f\t]/g, " ")
    .replace(/[\u200b\u200e\u200f\u2060\ufeff]/g, "")
    .replace(/…/g, "...")
    .replace(/•/g, "-");
}

function texts(words) {
  const letters = [...words];
  const isPlain = letters.every((letter) => BASIC.includes(letter) || EXTENDED.includes(letter));
  const [alone, each] = isPlain ? [160, 153] : [70, 67];
  const widths = letters.map((letter) => (isPlain ? (EXTENDED.includes(letter) ? 2 : 1) : letter.length));
  const sum = widths.reduce((total, width) => total + width, 0);
  if (sum <= alone) return sum ? 1 : 0;
  let parts = 1;
  let used = 0;
  for (const width of widths) {
    if (used + width > each) {
      parts += 1;
      used = 0;
    }
    used += width;
  }
  return parts;
}

function count(told) {
  const words = plain(document.getElementById(told.dataset.counts).value.trim());
  const many = texts(told.dataset.around + words);
  const long = many > Number(told.dataset.most) ? `: ${told.dataset.long}` : "";
  const said = many === 1 ? told.dataset.one : told.dataset.many.replace("{n}", many);
  told.textContent = words ? `${[...words].length}, ${said}${long}` : "";
}

// Parts of the page are changed while it is open: whatever is there now is listened to.
document.addEventListener("input", (event) => {
  const told = event.target.id && document.querySelector(`[data-counts="${CSS.escape(event.target.id)}"]`);
  if (told) count(told);
});
for (const told of document.querySelectorAll("[data-counts]")) count(told);

// Whoever plays a voicemail has heard it.
document.addEventListener("ended", async (event) => {
  const form = event.target.dataset?.marks && document.getElementById(event.target.dataset.marks);
  if (!form || form.dataset.sent) return;
  form.dataset.sent = "yes";
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Live": "1" } });
  delete form.dataset.sent;
  if (answer.ok) form.replaceChildren(document.createTextNode(form.dataset.done));
}, { capture: true });

// A link to a form that is folded away opens it.
function unfold() {
  const found = location.hash && document.getElementById(location.hash.slice(1));
  if (found instanceof HTMLDetailsElement) found.open = true;
}
addEventListener("hashchange", unfold);
unfold();
