// The page's life: it hears the view as it changes, posts what is done, and shows nothing once it hears nothing.
import { clear, draw, ticking } from "./draw.js";
import { make, sign } from "./parts.js";

const TOUCH_EVERY_MS = 1000, WARN_MS = 8000, TICK_MS = 250, MISSED_BEATS = 2.5, PRESS_MS = 1000;
let offset_ms = 0, view = null, heard_ms = performance.now(), beat_ms = 10_000, touched_ms = -Infinity, labels = null, pressed_ms = -Infinity, drawn = null;

async function post(path, body, type) {
  try {
    const answer = await fetch(path, { method: "POST", body, headers: { "Content-Type": type } });
    return answer.ok;
  } catch {
    return false;  // the stream tells that the bank is gone
  }
}
const act = (done) => post("act", JSON.stringify(done), "application/json");
const photo = (jpeg) => post("photo", jpeg, "image/jpeg");

function hear(event) {
  heard_ms = performance.now();
  const told = JSON.parse(event.data);
  beat_ms = told.beat_ms;
  offset_ms = told.now_ms - heard_ms;
  view = told.view;
  labels = view.labels;
  show();
  tick();
}

// Nothing changes under a finger: a press that ends on another element than it began on is no click. Not for long, though.
function show() {
  if (view === drawn || performance.now() - pressed_ms < PRESS_MS) return;
  drawn = view;
  draw(view, offset_ms, act, photo);
}

// Whoever looks at a page that lost its bank sees nothing of whoever stood there.
function lose() {
  if (view === null && labels === null) return;
  view = null;
  clear();
  document.getElementById("camera").close();
  document.body.dataset.screen = "lost";
  document.body.dataset.tone = "stop";
  for (const id of ["greeting", "languages", "buttons", "still"]) document.getElementById(id).replaceChildren();
  document.getElementById("still").hidden = true;
  const title = make("h1", { text: labels.lost });
  const words = make("section", { class: "words" }, title, make("p", { class: "text", text: labels.lost_more }));
  document.getElementById("screen").replaceChildren(words, make("section", { class: "stage" }, sign("closed")));
  document.getElementById("news").textContent = labels.lost;
  labels = null;
}

function tick() {
  const now_ms = performance.now();
  if (now_ms - heard_ms > beat_ms * MISSED_BEATS) lose();
  if (view === null) return;
  show();
  ticking?.tick(now_ms);
  const still = document.getElementById("still");
  const left_ms = view.forget_at_ms ? view.forget_at_ms - (now_ms + offset_ms) : Infinity;
  const warns = view.forget_at_ms && left_ms <= WARN_MS && view.screen !== "thanks" && view.screen !== "idle";
  if (Boolean(warns) === !still.hidden) return;
  still.hidden = !warns;
  still.textContent = warns ? view.labels.still_there : "";
  still.style.setProperty("--left", `${left_ms}ms`);
}

function touched() {
  const now_ms = performance.now();
  if (now_ms - touched_ms < TOUCH_EVERY_MS || view === null || !view.forget_at_ms) return;
  touched_ms = now_ms;
  act({ act: "touch" });
}

const events = new EventSource("events");
events.addEventListener("message", hear);
events.addEventListener("beat", () => { heard_ms = performance.now(); });
events.addEventListener("error", lose);
document.addEventListener("pointerdown", () => { pressed_ms = performance.now(); }, true);
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => setTimeout(() => { pressed_ms = -Infinity; tick(); }), true);
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, touched, true);
document.addEventListener("keydown", (event) => {
  document.querySelector(".pad")?.typed(event);
  const leaves = event.key === "Escape" && !document.getElementById("camera").open && view?.forget_at_ms;
  if (leaves) act({ act: "leave" });
});
document.addEventListener("contextmenu", (event) => event.preventDefault());
setInterval(tick, TICK_MS);
