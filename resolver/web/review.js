// The review page, better: judged by keys, without waiting for one judgement before the next.
"use strict";

const cards = () => Array.from(document.querySelectorAll(".queue .card"));
const judged = []; // cards in the order of their judgements, to be undone backwards

function current() {
  const all = cards();
  return all.find((card) => card.contains(document.activeElement)) || null;
}

function go(step) {
  const all = cards();
  const now = all.indexOf(current());
  const next = all[Math.max(0, Math.min(now + step, all.length - 1))];
  if (next) {
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
}

// The next card that waits, after this one; the first of those before it when there is none.
function advance(card) {
  const all = cards();
  const at = all.indexOf(card);
  const next = [...all.slice(at + 1), ...all.slice(0, at)].find((one) => !one.classList.contains("judged"));
  (next || card).focus({ preventScroll: true });
  (next || card).scrollIntoView({ block: "nearest" });
}

function say(card, text) {
  card.querySelector("form.judge output").textContent = text;
}

// A card that was judged here can be taken back here.
function offerUndo(card, offered) {
  const form = card.querySelector("form.judge");
  const button = form.querySelector(".undo");
  if (button) button.remove();
  if (!offered) return;
  const undo = document.createElement("button");
  undo.className = "undo";
  undo.name = "judgement";
  undo.value = "undo";
  undo.textContent = "Undo";
  form.append(undo);
}

async function judge(card, verdict) {
  const form = card.querySelector("form.judge");
  const sent = new URLSearchParams(new FormData(form));
  sent.set("judgement", verdict);
  const undone = verdict === "undo";
  card.classList.toggle("judged", !undone);
  say(card, undone ? "undoing …" : "saving …");
  if (!undone) judged.push(card);
  if (!undone) advance(card);
  try {
    // After two entities the page would be compared anew for nothing: that it leads on says that it was done.
    const redirect = sent.get("other") ? "manual" : "follow";
    const answer = await fetch("/review", { method: "POST", body: sent, redirect, headers: { Accept: "text/html" } });
    const done = answer.ok || answer.type === "opaqueredirect";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!done) {
      const failure = page.querySelector(".failure");
      card.classList.remove("judged");
      say(card, failure ? failure.textContent : "This needs a token with the scope write.");
      return;
    }
    say(card, { accept: "accepted", reject: "rejected", same: "the same", different: "different", undo: "waits again" }[verdict] || verdict);
    offerUndo(card, !undone);
    const status = page.getElementById("status");
    const tabs = page.querySelector(".tabs");
    if (status && answer.ok) document.getElementById("status").replaceWith(document.adoptNode(status));
    if (tabs && answer.ok) document.querySelector(".tabs").replaceWith(document.adoptNode(tabs));
  } catch {
    card.classList.remove("judged");
    say(card, "Not reached: try again.");
  }
}

// The card that has the focus when it was judged, else the one that was judged last.
function undo(card) {
  const at = card && card.classList.contains("judged") ? judged.lastIndexOf(card) : judged.length - 1;
  const [found] = at < 0 ? [card] : judged.splice(at, 1);
  if (found && (at >= 0 || found.querySelector('button[value="undo"]'))) judge(found, "undo");
}

document.addEventListener("submit", (event) => {
  const card = event.target.closest(".queue .card");
  if (!card || !event.target.matches(".judge")) return;
  event.preventDefault();
  const verdict = event.submitter.value;
  if (verdict === "undo" && judged.includes(card)) judged.splice(judged.lastIndexOf(card), 1);
  judge(card, verdict);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const card = current();
  if (event.key === "j" || event.key === "k") go(event.key === "j" ? 1 : -1);
  else if (event.key === "u") undo(card);
  else if (card && (event.key === "a" || event.key === "r")) {
    const button = card.querySelector(`button[data-key="${event.key}"]`);
    if (button && !card.classList.contains("judged")) judge(card, button.value);
  } else return;
  event.preventDefault();
});

document.querySelectorAll(".keys").forEach((told) => told.removeAttribute("hidden")); // they do something now
