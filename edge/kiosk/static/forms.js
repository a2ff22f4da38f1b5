// What is typed and chosen: a pad for digits, questions, a fault report. Nothing of it is kept anywhere but in the form.
import { keyboard } from "./keys.js";
import { icon, make, scrolling } from "./parts.js";
import { photo } from "./photo.js";

export function pad(view, post) {
  const { least, most, wrong } = { least: 4, most: 12, ...view.pad };
  let digits = "";
  const dots = make("div", { class: "dots", "aria-hidden": "true" });
  const told = make("p", { class: "unseen", role: "status" });
  const enter = make("button", { type: "button", class: "enter", text: view.labels.enter, on: { click: send } });
  function show() {
    dots.replaceChildren(...Array.from({ length: Math.max(least, digits.length) }, (_, at) => make("i", { class: at < digits.length ? "on" : "" })));
    told.textContent = digits ? `${view.labels.typed}: ${digits.length}` : "";
    enter.setAttribute("aria-disabled", String(digits.length < least));
  }
  function type(digit) { if (digits.length < most) { digits += digit; show(); } }
  function remove() { digits = digits.slice(0, -1); show(); }
  function send() {
    if (digits.length < least) return;
    const typed = digits;
    digits = "";
    show();
    post({ act: "pin", digits: typed });
  }
  const key = (digit) => make("button", { type: "button", text: digit, on: { click: () => type(digit) } });
  const back = make("button", { type: "button", "aria-label": view.labels.delete, on: { click: remove } }, icon("delete"));
  const whole = make("div", { class: "pad", role: "group", "aria-label": view.pad.label }, dots, ...[..."123456789"].map(key), back, key("0"), enter, told);
  whole.typed = (event) => {
    if (/^[0-9]$/.test(event.key)) type(event.key);
    else if (event.key === "Backspace") remove();
    else if (event.key === "Enter" && !event.target.closest("button")) send();
  };
  show();
  return [wrong && make("p", { class: "wrong", role: "alert", text: wrong }), whole].filter(Boolean);
}

function tiles(name, choices) {
  return make("div", { class: "tiles" }, ...choices.map(([value, text]) =>
    make("label", { class: "tile" }, make("input", { type: "radio", name, value }), make("span", { text }))));
}

function question(view, asked) {
  if (asked.kind === "text") {
    const area = make("textarea", { name: asked.id, maxlength: 500, rows: 2, "aria-label": asked.text });
    return make("div", {}, make("p", { class: "label", text: asked.text }), area, keyboard(area, view));
  }
  const choices = asked.kind === "yes_no" ? [["yes", view.labels.yes], ["no", view.labels.no]] : asked.choices || [];
  const legend = make("legend", { text: asked.text });
  if (asked.required) legend.append(make("i", { text: ` (${view.labels.required})` }));
  return make("fieldset", { "data-question": asked.id }, legend, tiles(asked.id, choices));
}

function answers(form, asked) {
  const given = {};
  for (const each of asked) {
    const said = form.elements[each.id]?.value;
    if (said) given[each.id] = each.kind === "yes_no" ? said === "yes" : said;
  }
  return given;
}

function submitting(button, form, ready, send) {
  const look = () => button.setAttribute("aria-disabled", String(!ready()));
  form.addEventListener("input", look);
  form.addEventListener("submit", (event) => { event.preventDefault(); if (ready()) send(); });
  button.addEventListener("click", () => form.requestSubmit());
  look();
  return button;
}

export function questions(view, post) {
  const asked = view.questions;
  const form = make("form", { class: "form" }, ...asked.map((each) => question(view, each)));
  const ready = () => asked.every((each) => !each.required || each.id in answers(form, asked));
  const button = make("button", { type: "button", class: "button primary", text: view.labels.enter });
  submitting(button, form, ready, () => post({ act: "answer", answers: answers(form, asked) }));
  return { stage: scrolling(view, [form]), button };
}

export function describing(view, post, post_photo) {
  const asked = view.describing;
  const area = make("textarea", { name: "text", maxlength: 1000, rows: 2, "aria-label": asked.words });
  const picture = asked.photo ? photo(view) : null;
  const bad = make("fieldset", {}, make("legend", { class: "unseen", text: view.title }), tiles("severity", [["minor", asked.minor], ["critical", asked.critical]]));
  const words = make("div", {}, make("p", { class: "label", text: asked.words }), area, keyboard(area, view));
  const form = make("form", { class: "form" }, bad, picture && picture.element, words);
  const button = make("button", { type: "button", class: "button primary", text: view.labels.send });
  let sending = false;
  submitting(button, form, () => Boolean(form.elements.severity.value) && !sending, async () => {
    sending = true;
    const jpeg = picture && (await picture.jpeg());
    const held = jpeg ? await post_photo(jpeg) : false;
    post({ act: "describe", severity: form.elements.severity.value, text: area.value, photo: held });
  });
  return { stage: scrolling(view, [form]), button };
}
