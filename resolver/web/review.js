// The review page, better: judged by keys, without waiting for one judgement before the next.
"use strict";

const cards = () => Array.from(document.querySelectorAll(".queue .card"));
let last = null; // the card that was judged last, to be undone

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
  const form = card.querySelector("form.judge");
  let said = form.querySelector("output");
  if (!said) form.append((said = document.createElement("output")));
  said.textContent = text;
}

async function judge(card, verdict) {
  const form = card.querySelector("form.judge");
  const sent = new URLSearchParams(new FormData(form));
  sent.set("judgement", verdict);
  const undone = verdict === "undo";
  card.classList.toggle("judged", !undone);
  say(card, undone ? "undoing …" : "saving …");
  last = undone ? null : card;
  if (!undone) advance(card);
  try {
    const answer = await fetch("/review", { method: "POST", body: sent, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok) {
      const failure = page.querySelector(".failure");
      card.classList.remove("judged");
      say(card, failure ? failure.textContent : "This needs a token with the scope write.");
      return;
    }
    say(card, { accept: "accepted", reject: "rejected", same: "the same", different: "different", undo: "waits again" }[verdict] || verdict);
    const status = page.getElementById("status");
    const tabs = page.querySelector(".tabs");
    if (status) document.getElementById("status").replaceWith(document.adoptNode(status));
    if (tabs) document.querySelector(".tabs").replaceWith(document.adoptNode(tabs));
  } catch {
    card.classList.remove("judged");
    say(card, "Not reached: try again.");
  }
}

document.addEventListener("submit", (event) => {
  const card = event.target.closest(".queue .card");
  if (!card || !event.target.matches(".judge")) return;
  event.preventDefault();
  judge(card, event.submitter.value);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const card = current();
  if (event.key === "j" || event.key === "k") go(event.key === "j" ? 1 : -1);
  else if (event.key === "u" && (last || card)) judge(last || card, "undo");
  else if (card && (event.key === "a" || event.key === "r")) {
    const button = card.querySelector(`button[data-key="${event.key}"]`);
    if (button && !card.classList.contains("judged")) judge(card, button.value);
  } else return;
  event.preventDefault();
});
