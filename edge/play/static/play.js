// The panel of one simulated bank: what is physically so comes as it changes; what hands do is posted.
const bank = decodeURIComponent(location.pathname.split("/").pop());
const at = (id) => document.getElementById(id);
let state = null, holder = null, chosen = null;

function make(tag, facts = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (value === undefined || value === false) continue;
    if (name === "click") element.addEventListener("click", value);
    else if (name === "text") element.textContent = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(Boolean));
  return element;
}

async function post(path, body = {}) {
  at("wrong").textContent = "";
  const answer = await fetch(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  if (!answer.ok) at("wrong").textContent = (await answer.json()).detail;
}
const here = (path, body) => post(`/play/${encodeURIComponent(bank)}/${path}`, body);
const act = (text, click, look = "", facts = {}) => make("button", { type: "button", class: `act ${look}`, text, click, ...facts });

function screen() {
  if (state.mode === "kiosk") {
    if (!at("screen").querySelector("iframe")) at("screen").replaceChildren(make("div", { class: "bezel" }, make("iframe", { src: `/kiosk/${encodeURIComponent(bank)}/`, title: `The kiosk of ${bank}`, allow: "camera" })));
    return;
  }
  const last = state.lines[0];
  const look = !last ? "" : last.kind === "door" ? "go" : last.kind === "notice" ? "stop" : "";
  at("screen").replaceChildren(make("div", { class: "plain" }, make("span", { class: `lamp ${look}` }), make("span", { text: last ? last.text : "This bank has no screen: a light and a beep." })));
}

function thing(each, door) {
  const pick = () => { chosen = chosen && chosen !== each.thing ? swap(chosen, each.thing) : each.thing === chosen ? null : each.thing; draw(); };
  const name = make("span", { text: each.name });
  const mark = act("tag", pick, "", { title: "Choose two things, and their tags change places", "aria-label": `Tag of ${each.name}` });
  const take = door?.is_open && holder && act("take", () => here(`doors/${door.door}/take`, { thing: each.thing, uid: holder }), "go");
  return make("div", { class: "thing", "aria-pressed": String(chosen === each.thing) }, name, make("span", { class: "row" }, take, mark));
}

function swap(one, other) { here("swap", { one, other }); return null; }

function bay(number) {
  const door = state.doors[number - 1], look = `bay${door.released ? " released" : ""}${door.is_open ? " open" : ""}`;
  const how = door.is_open ? act("close", () => here(`doors/${number}/push`), "go") : act("pull", () => here(`doors/${number}/pull`), door.released ? "go" : "");
  const force = !door.is_open && !door.released && act("force", () => here(`doors/${number}/pry`), "bad");
  const word = door.is_open ? "open" : door.released ? "unlocked" : "";
  return make("div", { class: look, role: "group", "aria-label": `Door ${number}` }, make("b", {}, make("span", { text: number }), make("span", { text: word })), ...door.things.map((each) => thing(each, door)), make("div", { class: "row" }, how, force));
}

function people() {
  const wanted = at("find").value.trim().toLowerCase();
  const found = state.people.filter((each) => each.name.toLowerCase().includes(wanted));
  const tap = (uid) => { holder = uid; here("badge", { uid }); draw(); };
  at("people").replaceChildren(...found.map((each) => make("button", { type: "button", class: "person", "aria-pressed": String(each.uid === holder), click: () => tap(each.uid) }, make("span", { text: each.name }), make("small", { text: each.uid }))));
}

function pocket() {
  const person = state.people.find((each) => each.uid === holder);
  const open = state.doors.filter((door) => door.is_open);
  const put = (each) => open.map((door) => act(`into door ${door.door}`, () => here(`doors/${door.door}/put`, { thing: each.thing, uid: holder }), "go"));
  const rows = (person?.things || []).map((each) => make("div", { class: "row" }, thing(each), ...put(each)));
  const stranger = { thing: state.stranger, name: "Something unknown" };
  if (person && open.length) rows.push(make("div", { class: "row" }, make("span", { text: stranger.name }), ...put(stranger)));
  const none = person ? `${person.name} holds nothing.` : "Tap a card first.";
  at("pocket").replaceChildren(...(rows.length ? rows : [make("p", { text: none })]));
}

function switches() {
  const alarm = (kind, text) => act(text, () => post(`/banks/${encodeURIComponent(bank)}/alarm`, { kind }), "bad", { disabled: !state.powered });
  at("switches").replaceChildren(make("div", { class: "row" },
    act(state.plugged ? "Pull the network cable" : "Put the cable back", () => here("network", { on: !state.plugged }), state.plugged ? "" : "go"),
    act(state.powered ? "Cut the power" : "Switch the power on", () => here("power", { on: !state.powered }), state.powered ? "" : "go"),
    alarm("tamper", "Shake the cabinet"), alarm("power_lost", "Mains fail, battery on")));
}

function draw() {
  if (state === null) return;
  at("name").textContent = state.bank;
  document.title = `Play ${state.bank}`;
  at("about").textContent = `${state.mode}, proves by ${state.evidence.replace("_", " ")}; reports waiting: ${state.journal_depth ?? 0}`;
  at("live").textContent = !state.powered ? "no power" : state.connected ? "connected" : "not connected";
  screen();
  at("cabinet").replaceChildren(...state.columns.map((column) => make("div", { class: "column" }, ...column.map(bay))));
  people();
  pocket();
  switches();
  at("lines").replaceChildren(...state.lines.map((line) => make("li", {}, make("time", { text: line.at.slice(11, 19) }), make("span", { text: line.text }))));
}

// What has the focus is drawn anew: it gets the focus again.
function keeping_focus(draw_anew) {
  const before = document.activeElement, all = () => [...document.querySelectorAll("button")];
  const place = before?.tagName === "BUTTON" ? all().indexOf(before) : -1;
  draw_anew();
  if (place >= 0 && !document.contains(before)) all()[place]?.focus({ preventScroll: true });
}

// Nothing is drawn anew under a finger: a press that ends on another element than it began on is no click.
let pressed = false;
function drawn_anew() { if (!pressed) keeping_focus(draw); }
addEventListener("pointerdown", () => { pressed = true; }, true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(() => { pressed = false; drawn_anew(); }), true);

at("find").addEventListener("input", people);
const events = new EventSource(`/play/${encodeURIComponent(bank)}/events`);
events.addEventListener("message", (event) => { state = JSON.parse(event.data); drawn_anew(); });
events.addEventListener("error", () => { at("live").textContent = "the simulation is gone"; });
