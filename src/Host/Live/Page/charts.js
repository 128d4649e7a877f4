// Small charts: sectors, the period over time, power.

import { begin, color } from "./canvas.js";
import { urgency } from "./map.js";
import { short } from "./words.js";

const horizon = 5; // seconds: a contact further away than this is drawn as none

export function drawSectors(canvas, sectors) {
  const surface = begin(canvas);
  if (!surface) return;
  const { g, width, height } = surface, top = 6, base = Math.round(height * 0.66), foot = height - 14, left = 30;
  g.strokeStyle = color("line");
  g.fillStyle = color("muted");
  g.textBaseline = "middle";
  g.beginPath();
  for (const seconds of [0, 2.5]) {
    const y = Math.round(base - (base - top) * (1 - seconds / horizon)) + 0.5;
    g.moveTo(left, y); g.lineTo(width, y);
    g.fillText(`${seconds} s`, 0, y);
  }
  g.stroke();
  if (!sectors?.length) return;
  const slot = (width - left) / sectors.length, gap = Math.min(3, slot * 0.15);
  const most = Math.max(1, ...sectors.map(s => s.eventRate ?? 0));
  sectors.forEach((sector, i) => {
    const x = left + i * slot + gap / 2, w = slot - gap, t = sector.timeToContact;
    if (t !== null && t < horizon) {
      g.globalAlpha = 0.3 + 0.7 * (sector.confidence ?? 0);
      g.fillStyle = color(urgency(t));
      const h = (base - top) * (1 - Math.max(0, t) / horizon);
      g.fillRect(x, base - h, w, h);
    }
    g.globalAlpha = 0.55;
    g.fillStyle = color("muted");
    g.fillRect(x, base + 3, w, Math.max(1, (foot - base - 3) * Math.sqrt((sector.eventRate ?? 0) / most)));
    g.globalAlpha = 1;
  });
  g.strokeStyle = color("muted");
  g.beginPath();
  g.moveTo(left, base + 0.5); g.lineTo(width, base + 0.5);
  g.stroke();
  g.fillStyle = color("muted");
  g.textBaseline = "bottom";
  g.fillText("left", left, height);
  g.textAlign = "center";
  g.fillText("ahead", left + (width - left) / 2, height);
  g.textAlign = "right";
  g.fillText("right", width, height);
  g.textAlign = "left";
}

export class History {
  #loops = new Map();
  static seconds = 30;

  take(state) {
    for (const loop of state.loops) {
      let list = this.#loops.get(loop.loop);
      if (!list) this.#loops.set(loop.loop, list = []);
      if (list.length && loop.time < list.at(-1).time) list.length = 0; // a new run
      if (list.length && loop.time === list.at(-1).time) continue;
      list.push({ time: loop.time, period: loop.periodMs, reason: loop.periodReason, power: loop.powerWatt });
      while (list.length > 2 && list[1].time < loop.time - History.seconds) list.shift();
    }
  }

  forget() { this.#loops.clear(); }

  of(name) { return this.#loops.get(name) ?? []; }
}

export function drawPeriod(canvas, list) {
  const surface = begin(canvas);
  if (!surface || !list.length) return;
  const { g, width, height } = surface, left = 26, right = width - 2, top = 7, foot = height - 16;
  const low = Math.min(1, ...list.map(p => p.period)), high = Math.max(32, ...list.map(p => p.period));
  const from = Math.log2(low), span = Math.log2(high) - from;
  const y = ms => foot - (foot - top) * (Math.log2(ms) - from) / span;
  const end = list.at(-1).time, x = t => right - (right - left) * (end - t) / History.seconds;
  g.strokeStyle = color("line");
  g.fillStyle = color("muted");
  g.textBaseline = "middle";
  g.textAlign = "right";
  g.beginPath();
  for (let ms = low; ms <= high * 1.001; ms *= 2) {
    const at = Math.round(y(ms)) + 0.5;
    g.moveTo(left, at); g.lineTo(right, at);
    if ((foot - top) / span > 11 || Math.round(Math.log2(ms / low)) % 2 === 0 || ms >= high) g.fillText(short(ms), left - 6, at);
  }
  g.stroke();
  g.textAlign = "center";
  g.textBaseline = "bottom";
  for (const ago of [20, 10]) g.fillText(`${ago} s ago`, x(end - ago), height);
  g.textAlign = "right";
  g.fillText("now", right, height);
  g.textAlign = "left";
  g.fillText("ms", 0, height);
  g.save();
  g.beginPath();
  g.rect(left, 0, right - left + 2, height);
  g.clip();
  g.lineWidth = 1.8;
  g.lineJoin = "round";
  // One stroke per colour: 600 points, two strokes.
  for (const safety of [false, true]) {
    g.strokeStyle = color(safety ? "worse" : "accent");
    g.beginPath();
    for (let i = 0; i < list.length; i++) {
      const point = list[i], next = list[i + 1];
      if ((point.reason === "safetyShrink") !== safety) continue;
      g.moveTo(x(point.time), y(point.period));
      g.lineTo(next ? x(next.time) : right, y(point.period));
      if (next) g.lineTo(x(next.time), y(next.period));
    }
    g.stroke();
  }
  g.restore();
}

export function drawPower(canvas, list) {
  const surface = begin(canvas);
  if (!surface || list.length < 2) return;
  const { g, width, height } = surface, most = Math.max(...list.map(p => p.power)) * 1.15 || 1, end = list.at(-1).time;
  const x = t => width - width * (end - t) / History.seconds, y = w => height - 2 - (height - 4) * w / most;
  g.beginPath();
  for (const point of list) g.lineTo(x(point.time), y(point.power));
  g.strokeStyle = color("accent");
  g.lineWidth = 1.5;
  g.stroke();
  g.lineTo(width, height);
  g.lineTo(x(list[0].time), height);
  g.closePath();
  g.globalAlpha = 0.12;
  g.fillStyle = color("accent");
  g.fill();
  g.globalAlpha = 1;
}
