// From a view to the page. Another screen moves the focus to its heading; the same screen changes in place.
import { describing, pad, questions } from "./forms.js";
import { cabinet, cards, clock, due, make, redraw, scrolling, sign } from "./parts.js";

const at = (id) => document.getElementById(id);
const key_of = (view) => [view.screen, view.at, view.language].join("|");
const CHANGING = ["drawing", "countdown", "forget_at_ms", "banner"];
const rest_of = (view) => JSON.stringify({ ...view, ...Object.fromEntries(CHANGING.map((name) => [name, undefined])) });
let before = null;
export let ticking = null;

export function draw(view, offset_ms, act, photo) {
  const same = before !== null && rest_of(before) === rest_of(view) && Boolean(before.countdown) === Boolean(view.countdown);
  const moved = before === null || key_of(before) !== key_of(view);
  at("banner").textContent = view.banner || "";
  at("banner").hidden = !view.banner;
  if (same) update(view, offset_ms);
  else build(view, offset_ms, act, photo, moved);
  before = view;
}

export function clear() {
  before = null;
  ticking = null;
}

function update(view, offset_ms) {
  const drawn = document.querySelector(".cabinet");
  if (drawn && view.drawing) redraw(drawn, view.drawing);
  const old = document.querySelector(".clock");
  if (old && view.countdown) old.replaceWith((ticking = clock(view.countdown, offset_ms, view.labels.seconds)));
}

function build(view, offset_ms, act, photo, moved) {
  document.documentElement.lang = view.language;
  document.body.dataset.screen = view.screen;
  document.body.dataset.tone = view.tone || "calm";
  at("greeting").textContent = view.greeting || "";
  at("languages").replaceChildren(...(view.languages || []).map(([code, name]) => tongue(code, name, view, act)));
  at("languages").setAttribute("aria-label", view.labels.language);
  const title = make("h1", { tabindex: "-1", text: view.title });
  ticking = view.countdown ? clock(view.countdown, offset_ms, view.labels.seconds) : null;
  const words = make("section", { class: "words" }, title, view.text && make("p", { class: "text", text: view.text }), view.due_at && due(view, view.due_at), ticking);
  const buttons = (view.buttons || []).map((each) => button(each, act));
  const kept = keep_cabinet(view);
  const stage = make("section", { class: "stage" });
  stage.append(...on_stage(view, act, photo, buttons, kept));
  const old = at("screen").querySelector(".stage");
  if (kept && old) { at("screen").querySelector(".words").replaceWith(words); } else at("screen").replaceChildren(words, stage);
  at("buttons").replaceChildren(...buttons);
  if (!moved) return;
  title.focus({ preventScroll: true });
  at("news").textContent = [view.title, view.text].filter(Boolean).join(". ");
}

// A door that is on the screen already is the one that opens: the same drawing goes on.
function keep_cabinet(view) {
  const drawn = document.querySelector(".stage > .cabinet:only-child:not(.pickable)");
  const goes_on = drawn && view.drawing && ["opening", "open", "checking", "left_open"].includes(view.screen) && before?.drawing;
  if (!goes_on || drawn.querySelectorAll(".bay").length !== view.drawing.columns.flat().length) return null;
  drawn.setAttribute("aria-label", view.drawing.label);
  redraw(drawn, view.drawing);
  return drawn;
}

function on_stage(view, act, photo, buttons, kept) {
  if (kept) return [];
  if (view.pad) return pad(view, act);
  if (view.terms) return [scrolling(view, [make("div", { class: "terms", text: view.terms })], { role: "region", "aria-label": view.title })];
  if (view.questions?.length || view.describing) {
    const form = view.describing ? describing(view, act, photo) : questions(view, act);
    buttons.push(form.button);
    return [form.stage];
  }
  if (view.screen === "idle") return [sign("badge")];
  const shown = [];
  if (view.icon && view.screen !== "checking") shown.push(sign(view.icon));
  if (view.cards?.length || view.refusals?.length) shown.push(cards(view, act));
  if (view.drawing && view.screen !== "offline") return view.icon === "jammed" ? [cabinet(view.drawing, act)] : [...shown.filter((each) => !each.classList.contains("sign")), cabinet(view.drawing, act)];
  return shown;
}

function tongue(code, name, view, act) {
  const long = view.screen === "idle", facts = { type: "button", lang: code, "aria-pressed": String(code === view.language) };
  if (!long) facts["aria-label"] = name;
  return make("button", { ...facts, text: long ? name : code.toUpperCase(), on: { click: () => act({ act: "speak", language: code }) } });
}

function button(each, act) {
  const leaves = each.act.act === "leave", back = ["back", "fault"].includes(each.act.act);
  const look = `button ${each.look || "secondary"}${leaves ? " away" : ""}${back ? " first" : ""}`;
  return make("button", { type: "button", class: look, text: each.label, on: { click: () => act(each.act) } });
}
