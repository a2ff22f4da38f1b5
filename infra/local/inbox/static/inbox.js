// Draws the panes anew when something has arrived, and shows times on the reader's clock.
"use strict";
const EVERY_MS = 2000;
const panes = document.getElementById("panes");
const live = document.getElementById("live");

function localTimes() {
  const today = new Date().toDateString();
  for (const element of panes.querySelectorAll("time")) {
    const at = new Date(element.dateTime);
    const clock = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    const day = at.toLocaleDateString([], { day: "numeric", month: "short" });
    element.textContent = at.toDateString() === today ? clock : `${day}, ${clock}`;
    element.title = at.toLocaleString();
  }
}

function scrollers() {
  return [...panes.querySelectorAll("[data-keep]")];
}

function draw(html) {
  const before = scrollers().map((pane) => [pane.scrollTop, pane.scrollHeight - pane.scrollTop - pane.clientHeight < 40]);
  panes.innerHTML = html;
  scrollers().forEach((pane, index) => {
    const follow = pane.dataset.keep === "bottom" && before[index][1];
    pane.scrollTop = follow ? pane.scrollHeight : before[index][0];
  });
  localTimes();
}

async function look() {
  try {
    const answer = await fetch("/panes" + location.search, { cache: "no-store" });
    const seen = answer.headers.get("X-Seen");
    live.className = answer.ok ? "live" : "live lost";
    live.textContent = answer.ok ? "live" : "not answering";
    if (answer.ok && seen !== panes.dataset.seen) {
      draw(await answer.text());
      panes.dataset.seen = seen;
    }
  } catch {
    live.className = "live lost";
    live.textContent = "stopped";
  }
  setTimeout(look, EVERY_MS);
}

localTimes();
for (const pane of scrollers()) if (pane.dataset.keep === "bottom") pane.scrollTop = pane.scrollHeight;
look();
