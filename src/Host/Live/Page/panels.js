// Texts and tables. A node is touched only when what it says has changed.

import { reason, reasonSentence, rungs, rungSentence, short } from "./words.js";

export const $ = id => document.getElementById(id);

export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function mark(node, name, value) {
  if (node.getAttribute(name) === value) return;
  if (value === null) node.removeAttribute(name); else node.setAttribute(name, value);
}

// Makes the table have as many rows as there are, and returns them.
function rows(body, count, make) {
  while (body.rows.length > count) body.deleteRow(-1);
  while (body.rows.length < count) body.append(make(body.rows.length));
  return body.rows;
}

function element(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

function cells(count, className) {
  const row = element("tr");
  for (let i = 0; i < count; i++) row.append(element("td", className(i)));
  return row;
}

function count(node, value) {
  say(node, short(value));
  mark(node, "class", value ? "n loud" : "n zero");
}

export class Fleet {
  #body = $("fleet").tBodies[0]; #names = [];

  constructor(onSelect) {
    const pick = row => row && onSelect(this.#names[row.sectionRowIndex]);
    this.#body.addEventListener("click", e => pick(e.target.closest("tr")));
    this.#body.addEventListener("keydown", e => {
      const row = e.target.closest("tr");
      const next = e.key === "ArrowDown" ? row?.nextElementSibling : e.key === "ArrowUp" ? row?.previousElementSibling : e.key === "Enter" || e.key === " " ? row : null;
      if (!next) return;
      e.preventDefault();
      next.focus();
      pick(next);
    });
  }

  show(state, selected) {
    this.#names = state.loops.map(l => l.loop);
    const list = rows(this.#body, state.loops.length, i => {
      const row = cells(10, c => [2, 4, 5, 6, 7, 8, 9].includes(c) ? "n" : "");
      row.cells[0].append(element("span", `swatch robot${i % 8}`), element("span"));
      row.cells[1].append(element("span"));
      return row;
    });
    state.loops.forEach((loop, i) => {
      const row = list[i], c = row.cells, known = state.map.robots.find(r => r.name === loop.loop), chosen = loop.loop === selected;
      mark(row, "aria-selected", String(chosen));
      mark(row, "tabindex", chosen ? "0" : "-1");
      say(c[0].lastChild, loop.loop);
      say(c[1].firstChild, rungs[loop.rung]);
      mark(c[1].firstChild, "class", `pill tone${loop.rung}`);
      say(c[2], `${short(loop.periodMs)} ms`);
      say(c[3], reason(loop.periodReason));
      say(c[4], short(loop.cyclesPerSecond));
      say(c[5], short(loop.eventsPerSecond));
      say(c[6], `${loop.powerWatt.toFixed(1)} W`);
      say(c[7], known ? String(known.goalsReached) : "–");
      if (known) count(c[8], known.collisions); else say(c[8], "–");
      count(c[9], Object.values(loop.dropped).reduce((a, b) => a + b, 0));
    });
  }
}

export function makeLadder() {
  $("ladder").append(...rungs.map((name, i) => element("li", `tone${i}`, name)));
}

export function showLoop(loop, detail, mayClear) {
  say($("loop-name"), loop.loop);
  [...$("ladder").children].forEach((step, i) => {
    mark(step, "data-now", i === loop.rung ? "" : null);
    mark(step, "aria-current", i === loop.rung ? "step" : null);
    mark(step, "data-reached", i === loop.rung ? "" : null);
  });
  say($("rung-text"), rungSentence(loop, mayClear));
  say($("trust"), `${Math.round(loop.trust * 100)} %`);
  say($("coverage"), `${Math.round(loop.coverage * 100)} %`);
  say($("speed"), loop.action[0].toFixed(2));
  say($("turn"), loop.action[1].toFixed(2));
  say($("period-fact"), `${short(loop.periodMs)} ms · ${short(loop.cyclesPerSecond)} cycles/s`);
  say($("period-text"), reasonSentence(loop.periodReason));
  say($("events-rate"), `${short(loop.eventsPerSecond)} events/s`);
  say($("power"), loop.powerWatt.toFixed(2));
  say($("energy"), `${short(loop.energyJoules)} J`);
  say($("energy-cycle"), loop.cyclesPerSecond > 0 ? `${short(loop.powerWatt / loop.cyclesPerSecond * 1000)} mJ` : "–");
  const nearest = (detail?.sectors ?? []).reduce((least, s) => s.timeToContact !== null && s.confidence > 0.3 && (least === null || s.timeToContact < least) ? s.timeToContact : least, null);
  say($("sectors-fact"), nearest === null || nearest > 60 ? "nothing approaches" : `nearest in ${nearest.toFixed(1)} s`);
  drops(loop);
}

function drops(loop) {
  const entries = [...Object.entries(loop.dropped), ["missed cycles", loop.misses], ["failed cycles", loop.failures]], list = $("drops");
  while (list.children.length > entries.length) list.lastChild.remove();
  while (list.children.length < entries.length) { const item = element("li"); item.append(element("span"), element("span")); list.append(item); }
  entries.forEach(([name, value], i) => { say(list.children[i].firstChild, name); count(list.children[i].lastChild, value); });
  say($("drops-fact"), entries.every(e => e[1] === 0) ? "nothing since the start" : "since the start");
}

export function showLatency(latencies) {
  // From the decade below the shortest to the decade above the longest, so that the scale seldom changes.
  const least = Math.max(0.01, Math.min(1, ...latencies.filter(l => l.count > 0).map(l => l.minUs))), low = Math.floor(Math.log10(least));
  const high = Math.ceil(Math.log10(Math.max(100, ...latencies.map(l => l.maxUs))));
  const place = us => `${(100 * (Math.log10(Math.max(least, us)) - low) / (high - low)).toFixed(1)}%`;
  const list = rows($("latency").tBodies[0], latencies.length, () => {
    const row = cells(5, c => c === 0 ? "" : c === 4 ? "bar" : "n"), range = element("div", "range");
    range.append(element("i"), element("b"), element("u"));
    row.cells[4].append(range);
    return row;
  });
  latencies.forEach((l, i) => {
    const c = list[i].cells, [whole, middle, worst] = c[4].firstChild.children, width = (a, b) => `calc(${place(b)} - ${place(a)})`;
    say(c[0], l.stage);
    say(c[1], short(l.p50Us));
    say(c[2], short(l.p99Us));
    say(c[3], short(l.maxUs));
    whole.style.left = place(l.minUs); whole.style.width = width(l.minUs, l.maxUs);
    middle.style.left = place(l.p50Us); middle.style.width = `max(3px, ${width(l.p50Us, l.p99Us)})`;
    worst.style.left = `calc(${place(l.maxUs)} - 2px)`;
  });
}
