// Moves between the segments of a bar, or the months of a chart, by keyboard: each of these groups is one stop for the tabulator,
// and arrow keys move within. Escape puts a range away.
"use strict";

const group = ".bar, .points";
const item = ".segment, .point";

/** Makes each group of `root` one stop, at the own segment or the newest month; returns `root`. */
const rove = (root) => {
  for (const each of root.querySelectorAll(group)) {
    each.setAttribute("role", "toolbar");
    const items = [...each.querySelectorAll(item)];
    const first = each.querySelector(".own .segment") ?? (each.matches(".points") ? items.at(-1) : items[0]);
    for (const one of items) one.tabIndex = one === first ? 0 : -1;
  }
  return root;
};

document.addEventListener("keydown", (event) => {
  const own = event.target.closest?.(item);
  if (!own || event.altKey || event.ctrlKey || event.metaKey) return;
  const items = [...own.closest(group).querySelectorAll(item)];
  const index = items.indexOf(own);
  const target = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: items.length - 1 }[event.key];
  if (target === undefined) return;
  event.preventDefault();
  items[Math.min(Math.max(target, 0), items.length - 1)].focus();
});

document.addEventListener("focusin", ({ target }) => {
  if (!target.matches(item)) return;
  for (const each of target.closest(group).querySelectorAll(item)) each.tabIndex = each === target ? 0 : -1;
});

// Escape puts a range away until its segment is left (WCAG 1.4.13).
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const slot of document.querySelectorAll(".slot:hover, .slot:focus-within")) slot.classList.add("closed");
});
for (const leaving of ["pointerout", "focusout"]) {
  document.addEventListener(leaving, (event) => {
    const slot = event.target.closest?.(".slot");
    if (slot && !slot.contains(event.relatedTarget)) slot.classList.remove("closed");
  });
}

rove(document);
