// Keeps the page as the inbox has it, and sends what is pressed or typed. Only what changed is drawn anew, so that
// focus, scrolling and an opened mail stay where they are.
"use strict";
const EVERY_MS = 2000;
const SOON_MS = 300; // after something was pressed: the message is about to change
const HURRY_MS = 8000;
const INSIDE = "#panes, .slack, .mail, .conversation, #rail, #talk, #list";
const KEPT = "#composer";
const panes = document.getElementById("panes");
const live = document.getElementById("live");
const news = document.getElementById("news");
const ask = document.getElementById("ask");
const served = new WeakMap();
let seen = "";
let hurryUntil = 0;
let timer = 0;

function localTimes(within) {
  const today = new Date().toDateString();
  for (const element of within.querySelectorAll("time")) {
    const at = new Date(element.dateTime);
    const clock = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
    const day = at.toLocaleDateString([], { day: "numeric", month: "short" });
    element.textContent = at.toDateString() === today ? clock : `${day}, ${clock}`;
    element.title = at.toLocaleString();
  }
}

function remember(container) {
  for (const child of container.children) {
    if (child.matches(INSIDE)) remember(child);
    else served.set(child, child.outerHTML);
  }
}

function renew(now, next) {
  const keyOf = (child, index) => child.id || `${child.tagName}:${index}`;
  const old = new Map([...now.children].map((child, index) => [keyOf(child, index), child]));
  [...next.children].forEach((child, index) => {
    const key = keyOf(child, index);
    let there = old.get(key);
    old.delete(key);
    if (there && child.matches(INSIDE)) renew(there, child);
    else if (!there || (!there.matches(KEPT) && served.get(there) !== child.outerHTML)) there = put(child, there);
    if (now.children[index] !== there) now.insertBefore(there, now.children[index] || null);
  });
  for (const gone of old.values()) gone.remove();
}

function put(fresh, there) {
  if (fresh.matches(INSIDE)) remember(fresh);
  else served.set(fresh, fresh.outerHTML);
  localTimes(fresh);
  if (fresh.matches(".post")) {
    news.textContent = `${there ? "Changed" : "New"}: ${(fresh.querySelector("h3, .text") || fresh).textContent.trim()}`;
  }
  if (there) {
    const focused = there.contains(document.activeElement) ? document.activeElement : null;
    there.replaceWith(fresh);
    if (focused) (document.getElementById(focused.id) || fresh).focus({ preventScroll: true });
  }
  return fresh;
}

function draw(html) {
  const next = document.createElement("main");
  next.innerHTML = html;
  const talk = document.querySelector("[data-keep=bottom]");
  const follow = talk && talk.scrollHeight - talk.scrollTop - talk.clientHeight < 40;
  renew(panes, next);
  if (follow) talk.scrollTop = talk.scrollHeight;
}

function alive(text) {
  live.className = text === "live" ? "live" : "live lost";
  if (live.textContent !== text) live.textContent = text;
}

async function look() {
  clearTimeout(timer);
  try {
    const answer = await fetch("/panes" + location.search, { cache: "no-store" });
    alive(answer.ok ? "live" : "not answering");
    if (answer.ok && answer.headers.get("X-Seen") !== seen) {
      draw(await answer.text());
      seen = answer.headers.get("X-Seen");
    }
  } catch {
    alive("stopped");
  }
  clearTimeout(timer);
  timer = setTimeout(look, Date.now() < hurryUntil ? SOON_MS : EVERY_MS);
}

async function send(path, body, within) {
  const wrong = within.querySelector(".wrong");
  wrong.textContent = "";
  within.setAttribute("aria-busy", "true");
  try {
    const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    const answer = await fetch(path, options);
    if (!answer.ok) wrong.textContent = (await answer.json()).error;
    return answer.ok;
  } catch {
    wrong.textContent = "The inbox does not answer.";
    return false;
  } finally {
    within.removeAttribute("aria-busy");
    hurryUntil = Date.now() + HURRY_MS;
    look();
  }
}

function sure(button) {
  if (!button.dataset.title) return Promise.resolve(true);
  for (const part of ["title", "text", "yes", "no"]) document.getElementById(`ask-${part}`).textContent = button.dataset[part];
  document.getElementById("ask-yes").className = button.matches(".danger") ? "act danger" : "act primary";
  ask.returnValue = "";
  ask.showModal();
  return new Promise((resolve) => ask.addEventListener("close", () => resolve(ask.returnValue === "yes"), { once: true }));
}

panes.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-action]");
  if (!button) return;
  const article = button.closest("article");
  if (button.getAttribute("aria-disabled")) {
    article.querySelector(".wrong").textContent = `${button.title}.`;
    return;
  }
  if (!(await sure(button))) return button.focus();
  const { block, element, action } = button.dataset;
  const place = { block: Number(block), element: element === "" ? null : Number(element), action };
  send("/_press", { user: article.dataset.actor, ts: article.dataset.ts || null, ...place }, article);
});

panes.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const user = document.getElementById("acting").value;
  const typed = { user, conversation: form.dataset.conversation, text: form.elements.text.value };
  if (await send("/_command", typed, form)) form.elements.text.value = "";
});

panes.addEventListener("change", (event) => {
  if (event.target.id !== "acting") return;
  const query = new URLSearchParams(location.search);
  query.set("as", event.target.value);
  if (!(query.get("to") || "").startsWith("#")) query.set("to", "");
  location.search = query;
});

remember(panes);
localTimes(panes);
for (const pane of document.querySelectorAll("[data-keep=bottom]")) pane.scrollTop = pane.scrollHeight;
const home = document.querySelector("[data-home]");
if (home) send("/_open", { user: home.dataset.actor }, home);
else look();
