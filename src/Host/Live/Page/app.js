// Ties the link to the panels: a message changes the state, an animation frame draws it.

import { forgetColors } from "./canvas.js";
import { drawPeriod, drawPower, drawSectors, History } from "./charts.js";
import { EventCanvas } from "./events.js";
import { Link } from "./link.js";
import { MapCanvas } from "./map.js";
import { showAgent } from "./agent.js";
import { showTasks } from "./tasks.js";
import { Transport } from "./transport.js";
import { $, Fleet, makeLadder, say, showLatency, showLoop } from "./panels.js";

let hello = null, state = null, selected = null, dirty = false, latencyShown = 0, sequence = 0;
const counts = { states: 0, images: 0, missed: 0, drawn: 0 };
const history = new History(), map = new MapCanvas($("map"), select), events = new EventCanvas($("events"), $("boxes")), fleet = new Fleet(select);
const transport = new Transport((what, value) => link.playback(what, value));
makeLadder();

const link = new Link({
  hello(message) {
    hello = message;
    sequence = 0;
    say($("robot"), message.robot);
    document.title = `${message.robot} · EdgeAutonomy`;
    const trusted = link?.token || !message.needsToken;
    $("stop").hidden = !(message.allowStop || link?.token);
    $("cap-box").hidden = !(message.allowControl && trusted);
    transport.open(message.playback, message.allowPlayback || Boolean(link?.token));
    if (selected) link.watch(selected);
  },
  state(message) {
    counts.states++;
    if (sequence && message.sequence > sequence + 1) counts.missed += message.sequence - sequence - 1;
    sequence = message.sequence;
    // A jump of a recording: what was drawn of another time must not be joined to this one.
    if (state && message.playback && (message.time < state.time || message.time > state.time + 1 + message.playback.speed)) { map.forget(); history.forget(); events.clear(); }
    state = message;
    transport.take(message.playback);
    document.body.dataset.loops = state.loops.length ? "here" : "elsewhere";
    if (!state.loops.some(l => l.loop === selected) && !(state.loops.length === 0 && state.map.robots.some(r => r.name === selected))) select(state.loops[0]?.loop ?? null);
    history.take(state);
    map.take(state, performance.now());
    dirty = true;
    this.link(state.healthy ? "live" : "ill", state.playback ? "recording" : state.healthy ? "live" : "not healthy");
    note(state.healthy ? "" : state.reasons.join(" "), "bad", "health");
  },
  image(view) {
    counts.images++;
    events.take(view, state?.loops.findIndex(l => l.loop === selected) ?? -1);
  },
  answer(message) {
    if (!message.ok || !hello?.playback) note(message.message, message.ok ? "good" : "bad", "answer");
  },
  link(name, text) {
    $("link").dataset.state = name;
    say($("link-text"), text);
    $("main").dataset.stale = String(name === "lost" || name === "connecting");
  },
});

function select(name) {
  if (name === selected) return;
  selected = name;
  events.clear();
  dirty = true;
  latencyShown = 0;
  if (name) link?.watch(name);
}

// One line for what matters most; the answer to a command stays for five seconds.
let noteUntil = 0;
function note(text, level, from) {
  if (from === "health" && performance.now() < noteUntil) return;
  if (from === "answer") noteUntil = performance.now() + 5000;
  say($("note"), text);
  if (text) $("note").dataset.level = level; else delete $("note").dataset.level;
}

function draw(time) {
  requestAnimationFrame(draw);
  if (!state) return;
  counts.drawn++;
  map.draw(time, selected);
  if (!dirty) return;
  dirty = false;
  const loop = state.loops.find(l => l.loop === selected), detail = state.detail?.loop === selected ? state.detail : null;
  say($("time"), state.time.toFixed(1));
  say($("scenario"), state.map.name);
  say($("map-note"), state.map.walls.length || !state.loops.length ? "" : "odometry path");
  fleet.show(state, selected);
  showAgent(state.agent);
  showTasks(state.fleet);
  if (!loop) return;
  const mayClear = Boolean(hello?.allowControl && (link.token || !hello.needsToken));
  $("clear").hidden = !(mayClear && state.loops.some(l => l.rung === 4));
  showLoop(loop, detail, mayClear);
  const list = history.of(selected);
  drawPeriod($("period"), list);
  drawPower($("power-line"), list);
  if (!detail) return;
  drawSectors($("sectors"), detail.sectors);
  $("no-camera").hidden = detail.image !== null;
  events.draw(detail);
  if (time - latencyShown > 500) { latencyShown = time; showLatency(detail.latencies); }
}
requestAnimationFrame(draw);

$("stop").addEventListener("click", () => link.command("stop", "*"));
$("clear").addEventListener("click", () => link.command("clear", "*"));
$("cap").addEventListener("change", e => link.command("periodCap", selected, { periodMs: Number(e.target.value) }));
new ResizeObserver(() => { dirty = true; }).observe($("main"));

const dark = matchMedia("(prefers-color-scheme: dark)");
const recolor = () => { forgetColors(); dirty = true; };
const stored = localStorage.getItem("edge-theme");
if (stored) document.documentElement.dataset.theme = stored;
dark.addEventListener("change", recolor);
recolor();
$("theme").addEventListener("click", () => {
  const now = document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light"), next = now === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  localStorage.setItem("edge-theme", next);
  recolor();
});

// For tests and the console: what the page knows. Read only.
window.edgeLive = { get playback() { return transport.state; }, get state() { return state; }, get selected() { return selected; }, get counts() { return { ...counts }; }, get link() { return $("link").dataset.state; } };
