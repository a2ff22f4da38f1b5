// Small elements, and the pieces of a view. The page knows no words of its own: every text comes with the view.

export function make(tag, facts = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, react] of Object.entries(value)) element.addEventListener(event, react);
    else if (name === "text") element.textContent = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(Boolean));
  return element;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

const ICONS = { collect: "take", deposit: "return", not_taken: "undo", not_returned: "undo" };
const named = (name) => ICONS[name] || name.replace(/^fault_(?!$)/, "").replace(/^lock$/, "closed");

export function sign(name) {
  return make("div", { class: `sign ${name}`, "aria-hidden": "true" }, name === "badge" ? tapping() : icon(name));
}

// The badge at the reader moves, so it is a drawing of its own and no use of one.
function tapping() {
  const symbol = document.getElementById("i-badge"), svg = icon("badge");
  svg.setAttribute("viewBox", symbol.getAttribute("viewBox"));
  svg.replaceChildren(...[...symbol.children].map((child) => child.cloneNode(true)));
  return svg;
}

export function moment(text, language) {
  const at = new Date(text), today = new Date(), same = at.toDateString() === today.toDateString();
  const day = same ? {} : { weekday: "short", day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

export function due(view, at) {
  return make("p", { class: "due" }, icon("clock"), make("span", { text: `${view.labels.due} ${moment(at, view.language)}` }));
}

function card(view, each, post) {
  const more = [each.due_at && `${view.labels.due} ${moment(each.due_at, view.language)}`, each.note].filter(Boolean);
  const words = make("span", {}, make("b", { text: each.title }), ...more.map((text) => make("small", { text })));
  const door = each.door && make("span", { class: "door", text: each.door });
  const inside = [make("span", { class: "icon" }, icon(named(each.icon || "go"))), words, door];
  if (!each.act) return make("div", { class: each.icon === "no" ? "card cannot" : "card" }, ...inside);
  return make("button", { class: "card", type: "button", on: { click: () => post(each.act) } }, ...inside);
}

export function cards(view, post) {
  const shown = (view.cards || []).map((each) => card(view, each, post));
  const not = (view.refusals || []).map((each) => card(view, each, post));
  if (not.length && shown.length) not.unshift(make("h2", { text: view.labels.cannot_have }));
  if (shown.length + not.length === 1) return (shown[0] || not[0]);
  return scrolling(view, [...shown, ...not]);
}

export function scrolling(view, children, facts = {}) {
  const inside = make("div", { class: "scroll", ...facts }, ...children);
  const turn = (by) => inside.scrollBy({ top: by * inside.clientHeight * 0.8, behavior: "instant" });
  const key = (name, by) => make("button", { type: "button", "aria-label": view.labels[name], on: { click: () => turn(by) } }, icon(name));
  const keys = [key("up", -1), key("down", 1)];
  const whole = make("div", { class: "many" }, inside, make("div", { class: "pager" }, ...keys));
  const look = () => {
    if (inside.scrollHeight > inside.clientHeight + 2) {  // once it has keys to scroll it keeps them: no flicker
      whole.classList.add("full");
      inside.setAttribute("tabindex", "0");
    }
    keys[0].setAttribute("aria-disabled", String(inside.scrollTop <= 2));
    keys[1].setAttribute("aria-disabled", String(inside.scrollTop + inside.clientHeight >= inside.scrollHeight - 2));
  };
  inside.addEventListener("scroll", look);
  new ResizeObserver(look).observe(inside);
  return whole;
}

export function cabinet(drawing, post) {
  const pickable = drawing.columns.some((column) => column.some((door) => door.act));
  const facts = pickable ? { role: "group", "aria-label": drawing.label } : { role: "img", "aria-label": drawing.label };
  const whole = make("div", { class: pickable ? "cabinet pickable" : "cabinet", ...facts });
  whole.style.setProperty("--columns", drawing.columns.length);
  whole.style.setProperty("--rows", Math.max(...drawing.columns.map((column) => column.length), 1));
  whole.append(...drawing.columns.map((column) => make("div", { class: "column" }, ...column.map((door) => bay(door, post)))));
  return whole;
}

const looks = (door) => `bay ${door.state || "shut"}${door.mine ? " mine" : ""}`;

function bay(door, post) {
  const leaf = make("span", { class: "leaf" }, make("span", { text: door.number }));
  const facts = { class: looks(door), "data-door": door.number };
  if (!door.act) return make("div", facts, leaf);
  return make("button", { ...facts, type: "button", "aria-label": door.name, on: { click: () => post(door.act) } }, leaf);
}

// The doors that are drawn already change in place: so the one that opens is seen to open.
export function redraw(element, drawing) {
  for (const door of drawing.columns.flat()) {
    const found = element.querySelector(`[data-door="${door.number}"]`);
    if (found && found.className !== looks(door)) found.className = looks(door);
  }
}

export function clock(countdown, offset_ms, seconds) {
  const whole = make("div", { class: "clock", role: "timer" });
  whole.innerHTML = '<svg viewBox="0 0 100 100" aria-hidden="true"><circle class="track" cx="50" cy="50" r="44"/><circle class="hand" pathLength="100" cx="50" cy="50" r="44"/><text x="50" y="52"></text></svg>';
  const told = make("span", { class: "unseen" });
  whole.append(told, make("span", { text: countdown.label }));
  whole.tick = (now_ms) => {
    const left_ms = Math.max(0, countdown.until_ms - (now_ms + offset_ms)), left_s = Math.ceil(left_ms / 1000);
    whole.querySelector("text").textContent = left_s;
    whole.querySelector(".hand").style.strokeDashoffset = 100 - Math.min(100, (100 * left_ms) / countdown.of_ms);
    whole.classList.toggle("late", left_s <= 5);
    told.textContent = `${left_s} ${seconds}`;
  };
  return whole;
}
