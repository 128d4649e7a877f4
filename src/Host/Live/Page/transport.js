// The bar of a recording: play, pause, place, speed. It is there only when the program says that it plays one.

import { $, say } from "./panels.js";

const shapes = { play: "M3.5 1.8v12.4l10.4-6.2z", pause: "M3 2h3.6v12H3zM9.4 2H13v12H9.4z" };
const patience = 600; // ms in which a state that was on its way may not move the knob back

export class Transport {
  state = null;
  #steer; #held = false; #until = 0; #wanted = 0; #asked = false;

  // steer(what, value): play, pause, seek in seconds, speed.
  constructor(steer) {
    this.#steer = steer;
    const scrub = $("scrub");
    scrub.addEventListener("pointerdown", () => { this.#held = true; });
    addEventListener("pointerup", () => { this.#held = false; });
    scrub.addEventListener("input", () => this.#seek(Number(scrub.value) / 1000));
    $("play").addEventListener("click", () => this.#toggle());
    $("rate").addEventListener("change", e => steer("speed", Number(e.target.value)));
    addEventListener("keydown", e => {
      if (e.key !== " " || !this.state || $("play").disabled || e.target.closest?.("button, select, tr")) return;
      e.preventDefault();
      this.#toggle();
    });
  }

  open(playback, allowed) {
    $("transport").hidden = !playback;
    for (const id of ["play", "scrub", "rate"]) $(id).disabled = !allowed;
    this.state = null;
    if (playback) this.take(playback);
  }

  take(playback) {
    if (!playback) return;
    this.state = playback;
    const length = playback.end - playback.start, stands = playback.paused || playback.ended;
    $("scrub").max = String(Math.max(1, Math.round(length * 1000)));
    $("play").firstElementChild.firstElementChild.setAttribute("d", stands ? shapes.play : shapes.pause);
    $("play").setAttribute("aria-label", stands ? "Play" : "Pause");
    say($("length"), length.toFixed(1));
    const select = $("rate"), value = String(playback.speed);
    if (![...select.options].some(o => o.value === value)) select.add(new Option(`${value} ×`, value));
    if (document.activeElement !== select) select.value = value;
    if (this.#held || performance.now() < this.#until) return;
    this.#show(playback.time - playback.start);
    $("scrub").value = String(Math.round((playback.time - playback.start) * 1000));
  }

  #toggle() {
    if (this.state) this.#steer(this.state.paused || this.state.ended ? "play" : "pause");
  }

  // A knob that is dragged asks for sixty places a second; one in each animation frame at most, and the last one always.
  #seek(offset) {
    this.#until = performance.now() + patience;
    this.#wanted = offset;
    this.#show(offset);
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#steer("seek", this.state.start + this.#wanted);
    });
  }

  #show(offset) {
    say($("place"), offset.toFixed(1));
    $("scrub").setAttribute("aria-valuetext", `${offset.toFixed(1)} seconds`);
  }
}
