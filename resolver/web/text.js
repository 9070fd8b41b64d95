// The text page, better: a file can be dropped, the slider filters at once, mentions are walked by keys, votes stay on the page.
"use strict";

const form = document.getElementById("ask");
const area = document.getElementById("text");
const file = document.getElementById("file");
const slider = document.getElementById("min_score");
const least = document.getElementById("least");
const LONG = 100_000; // characters beyond which the slider waits until it is let go

let running = null;

// The page for what the form says now -> its result in place of the old one; the newest wish wins.
async function refresh() {
  if (!area.value.trim() || !document.querySelector("#result .text")) return;
  if (running) running.abort();
  running = new AbortController();
  const sent = new FormData(form);
  sent.delete("file");
  try {
    const answer = await fetch("/", { method: "POST", body: sent, signal: running.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("result");
    const failure = page.querySelector(".failure");
    if (found && answer.ok) document.getElementById("result").replaceWith(document.adoptNode(found));
    else if (failure) document.getElementById("result").textContent = failure.textContent;
    showKeys();
    reopen();
  } catch (error) {
    if (error.name !== "AbortError") least.textContent = "not reached";
  }
}

// What was open stays open: a replaced element is a target only when it is aimed at again.
function reopen() {
  const { hash } = location;
  if (hash.length > 1) {
    history.replaceState(null, "", location.pathname + location.search);
    if (document.getElementById(hash.slice(1))) location.replace(hash);
  }
}

// What the keys do is said where they do it.
function showKeys() {
  document.querySelectorAll(".keys").forEach((told) => told.removeAttribute("hidden"));
}

function showLeast() {
  least.textContent = Number(slider.value).toFixed(2);
}

showKeys();
slider.addEventListener("input", () => {
  showLeast();
  if (area.value.length <= LONG) refresh();
});
slider.addEventListener("change", refresh);
form.querySelectorAll('input[name="type"]').forEach((box) => box.addEventListener("change", refresh));

file.addEventListener("change", () => {
  if (file.files.length) form.requestSubmit(form.querySelector("button.primary"));
});

for (const name of ["dragover", "dragleave", "drop"]) {
  area.addEventListener(name, (event) => {
    if (!event.dataTransfer || !Array.from(event.dataTransfer.types).includes("Files")) return;
    event.preventDefault();
    area.classList.toggle("dragged", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length) {
      file.files = event.dataTransfer.files;
      file.dispatchEvent(new Event("change"));
    }
  });
}

// n and p walk the mentions; Escape closes what is open.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, input, select")) return;
  if (event.key === "Escape") location.hash = "result";
  if (event.key !== "n" && event.key !== "p") return;
  const marks = Array.from(document.querySelectorAll(".text mark"));
  if (!marks.length) return;
  const now = marks.findIndex((mark) => mark.classList.contains("here"));
  const next = (now + (event.key === "n" ? 1 : -1) + marks.length + (now < 0 && event.key === "p" ? 1 : 0)) % marks.length;
  if (now >= 0) marks[now].classList.remove("here");
  marks[next].classList.add("here");
  marks[next].scrollIntoView({ block: "center" });
  marks[next].querySelector("a").focus({ preventScroll: true });
  event.preventDefault();
});

document.addEventListener("submit", async (event) => {
  const voting = event.target;
  if (!voting.matches(".vote")) return;
  event.preventDefault();
  const sent = new URLSearchParams(new FormData(voting));
  sent.set("vote", event.submitter.value);
  const said = voting.querySelector("output");
  try {
    const answer = await fetch("/votes", { method: "POST", body: sent, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const failure = page.querySelector(".failure");
    said.textContent = answer.ok ? `Noted as ${event.submitter.value}.` : failure ? failure.textContent : "This needs a token.";
  } catch {
    said.textContent = "Not reached: try again.";
  }
});
