// The event camera: ON and OFF pixels that fade, and boxes on top.

import { begin, color, rgb } from "./canvas.js";

const fade = 0.72, faint = 6;

export class EventCanvas {
  #canvas; #boxes; #image = null; #strength = null; #sign = null; #awake = false;

  constructor(canvas, boxes) { this.#canvas = canvas; this.#boxes = boxes; }

  // kind, bits, loop, width, height, then four pixels to a byte: 0 nothing, 1 OFF, 2 ON.
  take(view, loopIndex) {
    if (view.getUint8(0) !== 1 || view.getUint8(1) !== 2 || view.getUint16(2, true) !== loopIndex) return;
    const width = view.getUint16(4, true), height = view.getUint16(6, true);
    if (this.#canvas.width !== width || this.#canvas.height !== height || !this.#image) this.#resize(width, height);
    const strength = this.#strength, sign = this.#sign;
    for (let i = 0; i < strength.length; i++) strength[i] *= fade;
    for (let byte = 8, first = 0; byte < view.byteLength; byte++, first += 4) {
      let four = view.getUint8(byte);
      for (let i = first; four && i < strength.length; i++, four >>= 2) {
        const code = four & 3;
        if (code) { strength[i] = 255; sign[i] = code; }
      }
    }
    this.#awake = true;
  }

  clear() {
    this.#strength?.fill(0);
    this.#awake = true;
  }

  draw(detail) {
    if (this.#awake && this.#image) this.#paint();
    this.#awake = false;
    const surface = begin(this.#boxes);
    const size = detail?.image;
    if (!surface || !size) return;
    const { g, width, height } = surface, scale = Math.min(width / size.width, height / size.height);
    const ox = (width - scale * size.width) / 2, oy = (height - scale * size.height) / 2;
    g.strokeStyle = color("ink");
    g.lineWidth = 1.5;
    for (const [left, top, right, bottom] of detail.boxes) g.strokeRect(ox + left * scale, oy + top * scale, (right - left + 1) * scale, (bottom - top + 1) * scale);
  }

  #resize(width, height) {
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#image = new ImageData(width, height);
    this.#strength = new Float32Array(width * height);
    this.#sign = new Uint8Array(width * height);
  }

  #paint() {
    const on = rgb("on"), off = rgb("off"), data = this.#image.data;
    for (let i = 0, p = 0; i < this.#strength.length; i++, p += 4) {
      const s = this.#strength[i];
      if (s < faint) { data[p + 3] = 0; continue; }
      const c = this.#sign[i] === 2 ? on : off;
      data[p] = c[0]; data[p + 1] = c[1]; data[p + 2] = c[2]; data[p + 3] = s;
    }
    this.#canvas.getContext("2d").putImageData(this.#image, 0, 0);
  }
}
