// The API description, to try: each operation has a form that sends what it says, to this service and no other.
"use strict";

const SHOWN = 20_000; // characters of an answer; more is for another program
const token = document.querySelector("#token input");

// Form -> address with the parameters that were filled in; a list is written with spaces.
function addressOf(form) {
  const query = new URLSearchParams();
  let path = form.dataset.path;
  for (const field of form.querySelectorAll("input[data-in]")) {
    if (field.dataset.in === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(field.value));
    else if (field.value !== "") query.append(field.name, field.value);
  }
  return query.size ? `${path}?${query}` : path;
}

// Form -> what fetch sends; the body of a form is written as JSON and sent as the form that it means.
function requestOf(form) {
  const request = { method: form.dataset.method, headers: {}, redirect: "manual" };
  if (token.value) request.headers.Authorization = `Bearer ${token.value}`;
  const type = form.querySelector("select")?.value;
  if (!type) return request;
  request.body = form.querySelector("textarea").value;
  if (type === "multipart/form-data" || type === "application/x-www-form-urlencoded") {
    const fields = type === "multipart/form-data" ? new FormData() : new URLSearchParams();
    for (const [name, value] of Object.entries(JSON.parse(request.body))) fields.append(name, value);
    request.body = fields;
  } else {
    request.headers["Content-Type"] = type;
  }
  return request;
}

// Text of an answer -> the same, JSON with its lines indented, cut where it is long.
function readable(text) {
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // no JSON: as it came
  }
  return shown.length > SHOWN ? `${shown.slice(0, SHOWN)}\n… ${shown.length - SHOWN} more characters` : shown;
}

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const said = form.querySelector("output");
  const body = form.querySelector("pre");
  const began = performance.now();
  try {
    const answer = await fetch(addressOf(form), requestOf(form));
    body.firstChild.textContent = readable(await answer.text());
    body.hidden = false;
    said.textContent = `${answer.status || "redirected"} ${answer.headers.get("Content-Type") ?? ""}, ${Math.round(performance.now() - began)} ms`;
  } catch (error) {
    body.hidden = true;
    said.textContent = error instanceof SyntaxError ? `the body is not JSON: ${error.message}` : "not reached";
  }
}

document.getElementById("token").hidden = false;
for (const form of document.querySelectorAll("form.try")) {
  form.hidden = false;
  form.addEventListener("submit", send);
  const type = form.querySelector("select");
  if (type) {
    const example = () => { form.querySelector("textarea").value = type.selectedOptions[0].dataset.example; };
    type.addEventListener("change", example);
    example();
  }
}
