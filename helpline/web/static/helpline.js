// What pages do better with a script; all of them work without it.
"use strict";

// A double tap sends a form once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("[data-once]")) button.setAttribute("aria-disabled", "true");
});

// Who comes back to a page finds its forms ready again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[data-once]")) button.removeAttribute("aria-disabled");
  }
});

// Back to what answered a form would ask to send it again. Such a page may name another to go back to.
const instead = document.querySelector("[data-instead]");
if (instead) history.replaceState(null, "", instead.dataset.instead);

// A menu closes when something else is touched, or with Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.more[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.more[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A button that copies what stands in a field; without a script there is none.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = button.dataset.copied;
  });
}

// After a form with mistakes, the first of them is where one begins.
document.querySelector("[aria-invalid=true], fieldset.wrong")?.focus();

// What goes on is kept true while somebody looks. An element with data-live holds what its address
// answers: 204 where nothing has changed since the data-tag inside it, else new HTML with a new tag.
// With data-gently, only those of its data-parts are changed that say something new.
for (const live of document.querySelectorAll("[data-live]")) keepFresh(live);

function keepFresh(live) {
  const EVERY = 1000, AT_MOST = 10000, PATIENCE = 5000;
  const notFresh = document.querySelector("[data-not-fresh]");
  const news = document.querySelector("[data-news]");
  let failed = 0, timer = null, asking = null, pressed = false, over = false;

  async function ask() {
    timer = null;
    asking = new AbortController();
    const given = setTimeout(() => asking.abort(), PATIENCE);
    try {
      const tag = live.querySelector("[data-tag]")?.dataset.tag ?? "";
      const answer = await fetch(`${live.dataset.live}?seen=${encodeURIComponent(tag)}`, {
        headers: { "X-Live": "yes" }, cache: "no-store", redirect: "error", signal: asking.signal,
      });
      over = [401, 403, 404].includes(answer.status);
      if (![200, 204].includes(answer.status) && !over) throw new Error(answer.status);
      if (answer.status === 200) put(await answer.text());
      failed = 0;
      say(over ? (answer.status === 404 && notFresh?.querySelector("[data-when=gone]") ? "gone" : "ended") : null);
      tellTime(answer.headers.get("X-As-Of"));
    } catch {
      failed += document.hidden || pressed ? 0 : 1;
      // One lost answer on the bus is no news; two are.
      if (failed > 1) say("silent");
    } finally {
      clearTimeout(given);
      asking = null;
    }
    again(Math.min(EVERY * 2 ** Math.max(failed - 1, 0), AT_MOST));
  }

  // Nobody looks at a hidden page. Nor does a line move from under a finger that is on it.
  function again(after) {
    clearTimeout(timer);
    if (!document.hidden && !over && !asking && !pressed) timer = setTimeout(ask, after);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) asking?.abort();
    again(0);
  });
  live.addEventListener("pointerdown", () => {
    pressed = true;
    asking?.abort();
    again(0);
  });
  for (const lifted of ["pointerup", "pointercancel"]) {
    document.addEventListener(lifted, () => {
      if (!pressed) return;
      pressed = false;
      again(EVERY);
    });
  }

  function say(what) {
    if (!notFresh) return;
    for (const each of notFresh.querySelectorAll("[data-when]")) each.hidden = each.dataset.when !== what;
    notFresh.hidden = what === null;
  }

  function tellTime(time) {
    if (!time) return;
    for (const each of document.querySelectorAll("[data-as-of]")) {
      if (each.textContent !== time) each.textContent = time;
    }
  }

  // What is new takes the place of what was there; what the reader looks at stays where it is.
  function put(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    const before = new Map(lines(live).map((line) => [line.dataset.key, line.textContent]));
    const held = live.contains(document.activeElement) ? document.activeElement.closest("[data-key]") : null;
    const looked = held ? [held] : scrollY > 0 ? fromTheMiddle(lines(live)) : [];
    const tops = looked.map((line) => [line.dataset.key, line.getBoundingClientRect().top]);
    const focused = live.contains(document.activeElement) ? document.activeElement : null;
    const top0 = focused?.getBoundingClientRect().top;
    if ("gently" in live.dataset) merge(live, fresh.content);
    else live.replaceChildren(fresh.content);
    const changed = lines(live).filter((line) => before.get(line.dataset.key) !== line.textContent);
    for (const line of changed) line.classList.add("new");
    if (focused?.isConnected) {
      scrollBy({ top: focused.getBoundingClientRect().top - top0, behavior: "instant" });
      tops.length = 0;
    }
    const here = tops.map(([key, top]) => [live.querySelector(`[data-key="${CSS.escape(key)}"]`), top]);
    const [same, top] = here.find(([line]) => line) ?? [];
    if (same && scrollY > 0) scrollBy({ top: same.getBoundingClientRect().top - top, behavior: "instant" });
    if (held && same) same.querySelector("a, button")?.focus({ preventScroll: true });
    const said = changed.slice(0, 3).map((line) => line.textContent.replace(/\s+/g, " ").trim());
    if (news && said.length) news.textContent = said.join(". ");
  }

  // Part by part; one that somebody types in, or listens to, stays as it is.
  function merge(old, fresh) {
    const parts = new Map([...old.children].map((part) => [part.dataset.part, part]));
    let next = old.firstElementChild;
    for (const part of [...fresh.children]) {
      let was = parts.get(part.dataset.part);
      parts.delete(part.dataset.part);
      if (!was) {
        old.insertBefore(part, next);
        continue;
      }
      if (was !== next && !isInUse(was)) old.insertBefore(was, next);
      if (was.querySelector(":scope > [data-part]")) merge(was, part);
      else if (was.outerHTML !== part.outerHTML && !isInUse(was)) {
        for (const open of [was, ...was.querySelectorAll("details")]) {
          if (open.open && open.id) [part, ...part.querySelectorAll("details")].find((each) => each.id === open.id)?.setAttribute("open", "");
        }
        was.replaceWith(part);
        was = part;
      }
      next = was.nextElementSibling;
    }
    for (const gone of parts.values()) if (!isInUse(gone)) gone.remove();
  }

  function isInUse(part) {
    return part.contains(document.activeElement)
      || part.matches("[data-keep]") || part.querySelector("[data-keep]") !== null
      || [...part.querySelectorAll("audio")].some((sound) => !sound.paused || (sound.currentTime > 0 && !sound.ended))
      || [...part.querySelectorAll("form")].some((form) => form.dataset.sent || [...form.elements].some(isTouched));
  }

  function isTouched(field) {
    if (field.type === "hidden" || field.type === "submit") return false;
    if (field.options) return [...field.options].some((each) => each.selected !== each.defaultSelected) && !isFirstChosen(field);
    if ("defaultChecked" in field && ["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
    return field.value !== field.defaultValue;
  }

  // Where none is chosen in the page, a browser chooses the first.
  function isFirstChosen(field) {
    return field.selectedIndex === 0 && ![...field.options].some((each) => each.defaultSelected);
  }

  // The lines in sight, those nearest to the middle first: that is where eyes are.
  function fromTheMiddle(some) {
    const away = (line) => {
      const { top, bottom } = line.getBoundingClientRect();
      return bottom > 0 && top < innerHeight ? Math.abs((top + bottom - innerHeight) / 2) : Infinity;
    };
    return some.filter((line) => away(line) < Infinity).sort((one, other) => away(one) - away(other));
  }

  function lines(within) {
    return [...within.querySelectorAll("[data-key]")];
  }

  again(EVERY);
}
