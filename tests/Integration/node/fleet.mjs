// Opens the live page of `edge fleet` in a headless Chromium and prints what a person sees as one JSON object.
// usage: node fleet.mjs URL FOLDER WIDTH HEIGHT light|dark NAME [drill]

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [url, folder, width, height, scheme, name, drill] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: flags });
const result = { errors: [] };
try {
  const context = await browser.newContext({ viewport: { width: Number(width), height: Number(height) }, colorScheme: scheme, deviceScaleFactor: 1 });
  const page = await context.newPage();
  page.on("console", m => { if (m.type() === "error" || m.type() === "warning") result.errors.push(m.text()); });
  page.on("pageerror", e => result.errors.push(String(e)));
  await page.goto(url);
  // Robots start one after the other, and stand until they have tasks.
  await page.waitForFunction(() => window.edgeLive?.state?.map.robots.length > 0 && window.edgeLive.state.fleet.robots.every(r => r.link === "up"), null, { timeout: 60_000 });
  const look = () => page.evaluate(() => {
    const canvas = document.getElementById("map"), copy = new OffscreenCanvas(canvas.width, canvas.height), g = copy.getContext("2d", { willReadFrequently: true });
    g.drawImage(canvas, 0, 0);
    const now = g.getImageData(0, 0, copy.width, copy.height).data, before = window.seenBefore;
    window.seenBefore = now;
    return { robots: window.edgeLive.state.map.robots, changed: before ? now.reduce((n, v, i) => n + (v !== before[i] ? 1 : 0), 0) : 0, drawn: new Set(now).size };
  });
  const before = await look();
  await page.waitForFunction(() => window.edgeLive.state.fleet.robots.some(r => r.phase === "driving" || r.phase === "working"), null, { timeout: 60_000 });
  const states = (await page.evaluate(() => window.edgeLive.counts)).states;
  await page.waitForFunction(n => window.edgeLive.counts.states >= n + 30, states, { timeout: 60_000 });
  const after = await look();
  const from = new Map(before.robots.map(r => [r.name, r.pose]));
  result.moved = after.robots.map(r => from.has(r.name) ? Math.hypot(r.pose[0] - from.get(r.name)[0], r.pose[1] - from.get(r.name)[1]) : 0);
  result.changed = after.changed;
  result.colors = after.drawn;
  result.robots = await page.locator("#task-robots tbody tr").allInnerTexts();
  result.tasks = await page.locator("#task-list tbody tr").count();
  result.link = await page.evaluate(() => window.edgeLive.link);
  result.stopVisible = await page.locator("#stop").isVisible();
  result.panels = await page.evaluate(() => [...document.querySelectorAll(".panel")].filter(p => p.checkVisibility()).map(p => p.classList[1]));
  if (drill) {
    await page.waitForFunction(() => document.getElementById("tasks-note").textContent.includes("Drill: "), null, { timeout: 90_000 });
  }
  result.note = await page.locator("#tasks-note").innerText();
  result.overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
} finally {
  await browser.close();
}
console.log(JSON.stringify(result));
