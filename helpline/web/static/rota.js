// With a mouse, a name is dragged to another shift. Each shift's page does the same by buttons.
"use strict";

const form = document.getElementById("drag");
if (form && matchMedia("(pointer: fine)").matches) {
  const table = document.querySelector(".week-table");
  let name = null;
  let marked = null;

  document.querySelector("[data-drag-hint]").hidden = false;
  for (const each of table.querySelectorAll("a.entry:not(.over) [data-who]")) each.draggable = true;

  // An entry's address ends with the key of its shift.
  const key = (entry) => entry.pathname.split("/").pop();
  const mark = (entry) => {
    marked?.classList.remove("is-under");
    marked = entry;
    marked?.classList.add("is-under");
  };
  const under = (event) => {
    const entry = name && event.target.closest?.("a.entry:not(.over)");
    return entry && entry !== name.closest("a.entry") ? entry : null;
  };

  table.addEventListener("dragstart", (event) => {
    name = event.target.closest?.("[data-who]") ?? null;
    if (!name) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", name.textContent);
  });
  table.addEventListener("dragover", (event) => {
    const entry = under(event);
    mark(entry);
    if (entry) event.preventDefault();
  });
  table.addEventListener("drop", (event) => {
    const entry = under(event);
    if (!entry) return;
    event.preventDefault();
    form.elements.volunteer.value = name.dataset.who;
    form.elements.off.value = key(name.closest("a.entry"));
    form.elements.onto.value = key(entry);
    form.requestSubmit();
  });
  table.addEventListener("dragend", () => {
    name = null;
    mark(null);
  });
}
