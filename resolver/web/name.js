// The name page, better: entities are offered while a name is typed, in any script (the ARIA pattern "combobox with list").
"use strict";

const input = document.getElementById("name");
const list = document.createElement("ul");
const PAUSE = 90; // milliseconds without a key before it is asked
const MOST = 8;

list.className = "options";
list.id = "options";
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", "Entities");
list.hidden = true;
input.after(list);
input.setAttribute("role", "combobox");
input.setAttribute("aria-autocomplete", "list");
input.setAttribute("aria-controls", "options");
input.setAttribute("aria-expanded", "false");

let chosen = -1;
let waiting = 0;
let running = null;

function show(open) {
  list.hidden = !open || !list.children.length;
  input.setAttribute("aria-expanded", String(!list.hidden));
  choose(-1);
}

function choose(place) {
  const options = Array.from(list.children);
  chosen = options.length ? Math.max(-1, Math.min(place, options.length - 1)) : -1;
  options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
  if (chosen >= 0) {
    input.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

function option(one, at) {
  const item = document.createElement("li");
  const name = document.createElement("bdi");
  const told = document.createElement("span");
  item.id = `option-${at}`;
  item.setAttribute("role", "option");
  item.dataset.id = one.id;
  name.textContent = one.name;
  told.textContent = one.description || "";
  item.append(name, told);
  return item;
}

async function ask() {
  const typed = input.value.trim();
  if (running) running.abort();
  if (!typed) {
    list.replaceChildren();
    show(false);
    return;
  }
  running = new AbortController();
  try {
    const answer = await fetch(`/reconcile/suggest/entity?prefix=${encodeURIComponent(typed)}`, { signal: running.signal });
    if (!answer.ok) return;
    const found = (await answer.json()).result || [];
    list.replaceChildren(...found.slice(0, MOST).map(option));
    show(document.activeElement === input);
  } catch {
    // typed on, or not reached: the form still works
  }
}

function open(item) {
  location.href = `/entity/${encodeURIComponent(item.dataset.id)}`;
}

input.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
});
input.addEventListener("blur", () => setTimeout(() => show(false), 150));
input.addEventListener("keydown", (event) => {
  if (event.key === "Escape") show(false);
  if (list.hidden) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    event.preventDefault();
  }
  if (event.key === "Enter" && chosen >= 0) {
    event.preventDefault();
    open(list.children[chosen]);
  }
});
list.addEventListener("mousedown", (event) => {
  const item = event.target.closest("li");
  if (item) {
    event.preventDefault();
    open(item);
  }
});
