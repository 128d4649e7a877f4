// The world from above: walls, obstacles, robots with trails and goals; the selected robot with its sectors and scan.

import { begin, color } from "./canvas.js";

const trailLength = 600, trailStep = 0.03, jump = 1;

export class MapCanvas {
  #canvas; #trails = new Map(); #before = null; #now = null; #bounds = null; #shape = ""; #at = null;

  constructor(canvas, onSelect) {
    this.#canvas = canvas;
    canvas.addEventListener("click", e => {
      const box = canvas.getBoundingClientRect();
      const near = this.#nearest(e.clientX - box.left, e.clientY - box.top);
      if (near) onSelect(near);
    });
  }

  // Takes a state; arrived is the page's time in ms.
  take(state, arrived) {
    const robots = robotsOf(state);
    this.#before = this.#now;
    this.#now = { state, robots, arrived };
    for (const robot of robots) this.#lengthen(robot);
    this.#fit(state, robots);
  }

  forget() {
    this.#trails.clear();
    this.#before = this.#now = null;
  }

  draw(time, selected) {
    if (!this.#now) return;
    const surface = begin(this.#canvas);
    if (!surface) return;
    const { g, width, height } = surface;
    this.#at = projection(this.#bounds, width, height);
    const { state } = this.#now, at = this.#at;
    grid(g, at, width, height);
    walls(g, at, state.map.walls);
    obstacles(g, at, state.map.obstacles);
    tasks(g, at, state.fleet?.tasks ?? []);
    const robots = this.#between(time);
    const detail = state.detail && robots.find(r => r.name === state.detail.loop && r.name === selected);
    if (detail) { fan(g, at, detail, state.detail.sectors); scan(g, at, detail, state.detail.scan); }
    for (const robot of robots) this.#trail(g, at, robot, robot.name === selected);
    for (const robot of robots) goal(g, at, robot, robot.name === selected);
    for (const robot of robots) body(g, at, robot, robot.name === selected, robots.length > 1);
    scaleBar(g, at, width, height);
  }

  // Between the last two states, so that motion is smooth whatever the rate.
  #between(time) {
    const now = this.#now, before = this.#before;
    if (!before) return now.robots;
    const span = Math.min(500, Math.max(1, now.arrived - before.arrived));
    const share = Math.min(1, Math.max(0, (time - now.arrived) / span));
    return now.robots.map(robot => {
      const old = before.robots.find(r => r.name === robot.name);
      if (!old || Math.hypot(robot.x - old.x, robot.y - old.y) > jump) return robot;
      const turn = Math.atan2(Math.sin(robot.heading - old.heading), Math.cos(robot.heading - old.heading));
      return { ...robot, x: old.x + (robot.x - old.x) * share, y: old.y + (robot.y - old.y) * share, heading: old.heading + turn * share };
    });
  }

  #lengthen(robot) {
    let trail = this.#trails.get(robot.name);
    if (!trail) this.#trails.set(robot.name, trail = []);
    const last = trail.at(-1);
    if (last) {
      const step = Math.hypot(robot.x - last[0], robot.y - last[1]);
      if (step < trailStep) return;
      if (step > jump) trail.length = 0;
    }
    trail.push([robot.x, robot.y]);
    if (trail.length > trailLength) trail.shift();
  }

  // Walls give the frame; without a map the path itself does, and the frame only grows, so that nothing jumps about.
  #fit(state, robots) {
    const xs = [], ys = [];
    const add = (x, y, r = 0) => { xs.push(x - r, x + r); ys.push(y - r, y + r); };
    for (const [x1, y1, x2, y2] of state.map.walls) { add(x1, y1); add(x2, y2); }
    const shape = `${state.map.name}/${state.map.walls.length}`;
    if (shape !== this.#shape) { this.#shape = shape; this.#bounds = null; this.#trails.clear(); }
    if (!xs.length) {
      for (const robot of robots) { add(robot.x, robot.y, 1.5); if (robot.goal) add(robot.goal[0], robot.goal[1], 0.5); }
      for (const [x, y, r] of state.map.obstacles) add(x, y, r);
      if (this.#bounds) { add(this.#bounds[0], this.#bounds[1]); add(this.#bounds[2], this.#bounds[3]); }
      else add(0, 0, 2);
    }
    this.#bounds = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }

  #trail(g, at, robot, chosen) {
    const trail = this.#trails.get(robot.name) ?? [];
    g.strokeStyle = color("r" + robot.index % 8);
    g.lineWidth = chosen ? 2 : 1.3;
    g.lineJoin = g.lineCap = "round";
    // In pieces, older ones paler: one gradient along a path does not exist on a canvas.
    const pieces = 8;
    for (let p = 0; p < pieces; p++) {
      const from = Math.floor(trail.length * p / pieces), to = Math.floor(trail.length * (p + 1) / pieces);
      if (to <= from) continue;
      g.globalAlpha = (chosen ? 0.75 : 0.45) * (p + 1) / pieces;
      g.beginPath();
      for (let i = Math.max(0, from - 1); i < to; i++) g.lineTo(...at.point(trail[i][0], trail[i][1]));
      if (p === pieces - 1) g.lineTo(...at.point(robot.x, robot.y));
      g.stroke();
    }
    g.globalAlpha = 1;
  }

  #nearest(x, y) {
    let best = null, distance = 40;
    for (const robot of this.#now?.robots ?? []) {
      const [px, py] = this.#at.point(robot.x, robot.y), d = Math.hypot(px - x, py - y);
      if (d < distance) { best = robot.name; distance = d; }
    }
    return best;
  }
}

// Where robots really are when the world is known, otherwise where their wheels say they are.
export function robotsOf(state) {
  const list = [];
  state.loops.forEach((loop, index) => {
    const known = state.map.robots.find(r => r.name === loop.loop);
    const pose = known?.pose ?? loop.pose;
    if (pose) list.push({ name: loop.loop, index, rung: loop.rung, x: pose[0], y: pose[1], heading: pose[2], radius: known?.radius ?? 0.18, goal: known?.goal ?? loop.goal });
  });
  // Robots whose loops run elsewhere are known by the map alone.
  for (const robot of state.map.robots) {
    if (list.some(r => r.name === robot.name)) continue;
    list.push({ name: robot.name, index: list.length, rung: 0, x: robot.pose[0], y: robot.pose[1], heading: robot.pose[2], radius: robot.radius, goal: robot.goal });
  }
  return list;
}

function projection([left, bottom, right, top], width, height) {
  const pad = 14, scale = Math.min((width - 2 * pad) / Math.max(0.1, right - left), (height - 2 * pad) / Math.max(0.1, top - bottom));
  const ox = width / 2 - scale * (left + right) / 2, oy = height / 2 + scale * (bottom + top) / 2;
  return { scale, ox, oy, point: (x, y) => [ox + scale * x, oy - scale * y] };
}

function grid(g, at, width, height) {
  g.strokeStyle = color("soft");
  g.lineWidth = 1;
  const step = at.scale < 12 ? 5 : 1;
  g.beginPath();
  for (let x = Math.ceil(-at.ox / at.scale / step) * step; at.ox + x * at.scale < width; x += step) { const px = Math.round(at.ox + x * at.scale) + 0.5; g.moveTo(px, 0); g.lineTo(px, height); }
  for (let y = Math.ceil((at.oy - height) / at.scale / step) * step; at.oy - y * at.scale > 0; y += step) { const py = Math.round(at.oy - y * at.scale) + 0.5; g.moveTo(0, py); g.lineTo(width, py); }
  g.stroke();
}

function walls(g, at, list) {
  g.strokeStyle = color("wall");
  g.lineWidth = 2.5;
  g.lineCap = "round";
  g.beginPath();
  for (const [x1, y1, x2, y2] of list) { g.moveTo(...at.point(x1, y1)); g.lineTo(...at.point(x2, y2)); }
  g.stroke();
}

// Places where something is to be done: a square while it is open, a small one when it is done.
function tasks(g, at, list) {
  for (const task of list) {
    const [x, y] = at.point(task.x, task.y), side = task.state === "done" || task.state === "cancelled" ? 3 : 7;
    g.fillStyle = color(task.state === "held" ? "worse" : task.state === "open" ? "muted" : "soft");
    g.globalAlpha = task.state === "open" && !task.robot ? 0.5 : 1;
    g.fillRect(x - side / 2, y - side / 2, side, side);
  }
  g.globalAlpha = 1;
}

function obstacles(g, at, list) {
  for (const [x, y, radius, moves] of list) {
    g.beginPath();
    g.arc(...at.point(x, y), radius * at.scale, 0, 2 * Math.PI);
    g.globalAlpha = moves ? 0.28 : 0.35;
    g.fillStyle = color(moves ? "on" : "wall");
    g.fill();
    g.globalAlpha = 1;
    g.strokeStyle = color(moves ? "on" : "wall");
    g.lineWidth = 1.3;
    g.setLineDash(moves ? [3, 3] : []);
    g.stroke();
    g.setLineDash([]);
  }
}

export function urgency(seconds) { return seconds === null ? "accent" : seconds < 1 ? "worse" : seconds < 2.5 ? "on" : "accent"; }

function fan(g, at, robot, sectors) {
  if (!sectors.length) return;
  const [px, py] = at.point(robot.x, robot.y);
  const step = sectors.length > 1 ? Math.abs(sectors[1].bearing - sectors[0].bearing) : 0.3;
  for (const sector of sectors) {
    const reach = Math.min(4, sector.range ?? 2.5) * at.scale, middle = -(robot.heading + sector.bearing);
    g.beginPath();
    g.moveTo(px, py);
    g.arc(px, py, reach, middle - step / 2, middle + step / 2);
    g.closePath();
    g.globalAlpha = 0.05 + 0.2 * (sector.confidence ?? 0);
    g.fillStyle = color(urgency(sector.timeToContact));
    g.fill();
  }
  g.globalAlpha = 1;
}

function scan(g, at, robot, data) {
  if (!data) return;
  g.fillStyle = color("ink");
  g.globalAlpha = 0.55;
  data.ranges.forEach((range, beam) => {
    if (range === null || range >= data.maxRange) return;
    const angle = robot.heading + data.firstBearing + beam * data.bearingStep;
    const [x, y] = at.point(robot.x + range * Math.cos(angle), robot.y + range * Math.sin(angle));
    g.fillRect(x - 1.1, y - 1.1, 2.2, 2.2);
  });
  g.globalAlpha = 1;
}

function goal(g, at, robot, chosen) {
  if (!robot.goal) return;
  const [x, y] = at.point(robot.goal[0], robot.goal[1]), r = Math.max(5, robot.goal[2] * at.scale);
  g.strokeStyle = color("r" + robot.index % 8);
  g.lineWidth = 1.5;
  g.beginPath();
  g.arc(x, y, r, 0, 2 * Math.PI);
  g.moveTo(x - 3, y); g.lineTo(x + 3, y);
  g.moveTo(x, y - 3); g.lineTo(x, y + 3);
  g.stroke();
  if (!chosen) return;
  g.globalAlpha = 0.5;
  g.setLineDash([2, 5]);
  g.beginPath();
  g.moveTo(...at.point(robot.x, robot.y));
  g.lineTo(x, y);
  g.stroke();
  g.setLineDash([]);
  g.globalAlpha = 1;
}

function body(g, at, robot, chosen, named) {
  const [x, y] = at.point(robot.x, robot.y), r = Math.max(6, robot.radius * at.scale), tone = color("r" + robot.index % 8);
  g.save();
  g.translate(x, y);
  if (chosen) {
    g.beginPath();
    g.arc(0, 0, r + 4, 0, 2 * Math.PI);
    g.strokeStyle = tone;
    g.lineWidth = 1.5;
    g.stroke();
  }
  g.rotate(-robot.heading);
  g.beginPath();
  g.arc(0, 0, r, 0, 2 * Math.PI);
  g.fillStyle = tone;
  g.fill();
  g.beginPath();
  g.moveTo(r * 0.72, 0);
  g.lineTo(-r * 0.4, r * 0.5);
  g.lineTo(-r * 0.16, 0);
  g.lineTo(-r * 0.4, -r * 0.5);
  g.closePath();
  g.fillStyle = color("panel");
  g.fill();
  g.restore();
  if (robot.rung >= 3) {
    g.strokeStyle = color(robot.rung === 4 ? "stop" : "worse");
    g.lineWidth = 3;
    g.beginPath();
    g.arc(x, y, r + 8, 0, 2 * Math.PI);
    g.stroke();
  }
  if (!named) return;
  g.textBaseline = "middle";
  g.lineWidth = 3;
  g.strokeStyle = color("panel");
  g.fillStyle = color("ink");
  g.strokeText(robot.name, x + r + 8, y - r);
  g.fillText(robot.name, x + r + 8, y - r);
}

function scaleBar(g, at, width, height) {
  const metres = at.scale < 12 ? 5 : 1, length = metres * at.scale, y = height - 6, x = width - 10 - length;
  g.strokeStyle = g.fillStyle = color("muted");
  g.lineWidth = 1.5;
  g.beginPath();
  g.moveTo(x, y - 4); g.lineTo(x, y); g.lineTo(x + length, y); g.lineTo(x + length, y - 4);
  g.stroke();
  g.textAlign = "right";
  g.textBaseline = "bottom";
  g.lineWidth = 3;
  g.strokeStyle = color("panel");
  g.strokeText(`${metres} m`, x - 6, y + 2);
  g.fillText(`${metres} m`, x - 6, y + 2);
  g.textAlign = "left";
}
