// A keyboard on the screen, for cabinets that have none. It types into one field; a real keyboard goes on working.
import { icon, make } from "./parts.js";

const ROWS = {
  en: ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm,.?"],
  de: ["1234567890ß", "qwertzuiopü", "asdfghjklöä", "yxcvbnm,.?"],
  es: ["1234567890", "qwertyuiop", "asdfghjklñ", "zxcvbnm,.?", "áéíóúü¿¡"],
  fr: ["1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn,.?'", "éèàçùâêîôû"],
  pl: ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm,.?", "ąćęłńóśźż"],
};

export function keyboard(area, view) {
  const type = (text) => {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const remove = () => {
    if (area.selectionStart === area.selectionEnd && area.selectionStart > 0) area.selectionStart -= 1;
    type("");
  };
  const key = (text) => make("button", { type: "button", text, on: { click: () => type(text) } });
  const keys = make("div", { class: "keys", hidden: true });
  const rows = (ROWS[view.language] || ROWS.en).map((row) => make("div", {}, ...[...row].map(key)));
  const space = make("button", { type: "button", class: "wide", text: view.labels.space, on: { click: () => type(" ") } });
  const back = make("button", { type: "button", "aria-label": view.labels.delete, on: { click: remove } }, icon("delete"));
  keys.append(...rows, make("div", {}, space, back));
  const open = make("button", { type: "button", class: "button quiet", "aria-expanded": "false", on: { click: () => {
    keys.hidden = !keys.hidden;
    open.setAttribute("aria-expanded", String(!keys.hidden));
    if (!keys.hidden) keys.scrollIntoView({ block: "nearest" });
  } } }, icon("keyboard"), make("span", { text: view.labels.keyboard }));
  return make("div", {}, open, keys);
}
