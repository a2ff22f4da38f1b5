// A photo, from the camera or a file, made small enough here: at most 1600 pixels wide or high, at most 700 kB of JPEG.
import { icon, make } from "./parts.js";

const LONGEST = 1600, MOST_BYTES = 700_000, QUALITIES = [0.85, 0.7, 0.5, 0.3];

export function photo(view) {
  let canvas = null, stream = null;
  const camera = document.getElementById("camera");
  const shown = make("span", { role: "status" });
  const file = make("input", { type: "file", accept: "image/*", class: "unseen", tabindex: "-1", "aria-label": view.labels.choose_photo });
  const without = make("button", { type: "button", class: "button quiet", hidden: true, text: view.labels.no_photo, on: { click: drop } });
  const words = make("span", { text: view.labels.photo });
  const take = make("button", { type: "button", class: "button", on: { click: begin } }, icon("photo"), words);
  file.addEventListener("change", async () => {
    try { if (file.files[0]) keep(await createImageBitmap(file.files[0])); } catch { drop(); }  // no picture
  });

  async function begin() {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      file.click();  // no camera, or it may not be used
      return;
    }
    const video = make("video", { autoplay: true, muted: true, playsinline: true, "aria-label": view.labels.photo });
    video.srcObject = stream;
    const snap = make("button", { type: "button", class: "button primary", text: view.labels.shutter, on: { click: () => { keep(video); close(); } } });
    const leave = make("button", { type: "button", class: "button", text: view.labels.no_photo, on: { click: close } });
    camera.setAttribute("aria-label", view.labels.photo);
    camera.replaceChildren(video, make("div", { class: "row" }, leave, snap));
    camera.addEventListener("close", stop, { once: true });
    camera.showModal();
    snap.focus();
  }
  function close() { camera.close(); }
  function stop() {
    for (const track of stream?.getTracks() || []) track.stop();
    stream = null;
    camera.replaceChildren();
  }
  function keep(source) {
    const width = source.videoWidth || source.width, height = source.videoHeight || source.height;
    const scale = Math.min(1, LONGEST / Math.max(width, height));
    canvas = make("canvas", { class: "taken", role: "img", "aria-label": view.labels.photo_taken });
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
    shown.replaceChildren(canvas);
    words.textContent = view.labels.another_photo;
    without.hidden = false;
  }
  function drop() {
    canvas = null;
    shown.replaceChildren();
    words.textContent = view.labels.photo;
    without.hidden = true;
    take.focus();
  }
  async function jpeg() {
    for (const quality of canvas ? QUALITIES : []) {
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (made && made.size <= MOST_BYTES) return made;
    }
    return null;
  }
  return { element: make("div", { class: "row" }, shown, take, without, file), jpeg };
}
