// Opens the live page in a headless Chromium, looks at it as a person would, and prints one JSON object.
// usage: node page.mjs URL FOLDER WIDTH HEIGHT light|dark NAME [look|act|playback]

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [url, folder, width, height, scheme, name, act] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: flags });
const result = { errors: [], foreign: [] };
try {
  const context = await browser.newContext({ viewport: { width: Number(width), height: Number(height) }, colorScheme: scheme, hasTouch: Number(width) < 600, deviceScaleFactor: Number(width) < 600 ? 2 : 1 });
  const page = await context.newPage();
  page.on("console", m => { if (m.type() === "error" || m.type() === "warning") result.errors.push(m.text()); });
  page.on("pageerror", e => result.errors.push(String(e)));
  page.on("request", r => { if (new URL(r.url()).host !== new URL(url).host) result.foreign.push(r.url()); });
  await page.goto(url);
  await page.waitForFunction(() => window.edgeLive?.counts.states >= 20 && window.edgeLive.counts.images >= 5, null, { timeout: 60_000 });

  // Pixels are compared inside the page, on copies: reading a canvas back slows it down.
  const look = () => page.evaluate(() => {
    const pixels = id => {
      const canvas = document.getElementById(id), copy = new OffscreenCanvas(canvas.width, canvas.height), g = copy.getContext("2d", { willReadFrequently: true });
      g.drawImage(canvas, 0, 0);
      return g.getImageData(0, 0, copy.width, copy.height).data;
    };
    const now = { map: pixels("map"), events: pixels("events"), period: pixels("period") }, before = window.seenBefore;
    window.seenBefore = now;
    const changed = {};
    for (const id of before ? Object.keys(now) : []) changed[id] = now[id].reduce((n, v, i) => n + (v !== before[id][i] ? 1 : 0), 0);
    return { poses: window.edgeLive.state.loops.map(l => l.pose), changed };
  });
  const before = await look();
  const states = (await page.evaluate(() => window.edgeLive.counts)).states;
  await page.waitForFunction(n => window.edgeLive.counts.states >= n + 20, states, { timeout: 60_000 });
  const after = await look();
  result.moved = before.poses.map((p, i) => Math.hypot(p[0] - after.poses[i][0], p[1] - after.poses[i][1]));
  result.pixels = after.changed;
  result.boxes = await page.evaluate(() => window.edgeLive.state.detail.boxes.length);
  result.overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  result.background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  result.rows = await page.locator("#fleet tbody tr").count();
  result.latencies = await page.locator("#latency tbody tr").count();
  result.link = await page.evaluate(() => window.edgeLive.link);
  result.stopVisible = await page.locator("#stop").isVisible();
  result.transportVisible = await page.locator("#transport").isVisible();
  // The mission agent's panel, as far as there is one.
  result.agent = await page.evaluate(() => document.getElementById("agent").hidden ? null
    : Object.fromEntries(["mission", "task", "step", "command", "verdict", "source", "others"].map(id => [id, document.getElementById("agent-" + id).textContent])));
  result.clearVisible = await page.locator("#clear").isVisible();
  // Nothing may move when numbers change.
  const boxes = () => page.evaluate(() => [...document.querySelectorAll(".panel")].map(p => { const b = p.getBoundingClientRect(); return [b.x, b.y + scrollY, b.width, b.height]; }));
  const layout = JSON.stringify(await boxes());
  const shown = (await page.evaluate(() => window.edgeLive.counts)).states;
  await page.waitForFunction(n => window.edgeLive.counts.states >= n + 15, shown, { timeout: 60_000 });
  result.layoutStable = JSON.stringify(await boxes()) === layout;
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });

  if (act === "act") {
    await page.locator("#fleet tbody tr").nth(0).focus();
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction(() => window.edgeLive.state.detail.loop === "r2", null, { timeout: 30_000 });
    result.selected = await page.evaluate(() => window.edgeLive.selected);
    await page.locator("#theme").click();
    result.toggled = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await page.locator("#stop").click();
    await page.waitForFunction(() => window.edgeLive.state.loops.some(l => l.rung === 4), null, { timeout: 30_000 });
    await page.locator("#clear").waitFor({ state: "visible", timeout: 30_000 });
    await page.screenshot({ path: join(folder, `${name}-stopped.png`), fullPage: true });
    await page.locator("#clear").click();
    await page.waitForFunction(() => window.edgeLive.state.loops.every(l => l.rung === 0), null, { timeout: 30_000 });
    result.acted = true;
  }
  if (act === "playback") {
    result.paused = await page.locator("#play").getAttribute("aria-label");
    const seek = async share => {
      const box = await page.locator("#scrub").boundingBox();
      await page.mouse.click(box.x + box.width * share, box.y + box.height / 2);
    };
    await page.locator("#rate").selectOption("5");
    await page.waitForFunction(() => window.edgeLive.playback.speed === 5, null, { timeout: 30_000 });
    await seek(0.5);
    await page.waitForFunction(() => Math.abs(window.edgeLive.playback.time - 10) < 1 && Math.abs(window.edgeLive.state.time - 10) < 1, null, { timeout: 30_000 });
    await page.keyboard.press("Space");
    await page.waitForFunction(() => !window.edgeLive.playback.paused, null, { timeout: 30_000 });
    await page.waitForFunction(() => document.getElementById("play").getAttribute("aria-label") === "Pause", null, { timeout: 30_000 });
    await page.screenshot({ path: join(folder, `${name}-playing.png`), fullPage: true });
    await page.locator("#play").click();
    await page.waitForFunction(() => window.edgeLive.playback.paused, null, { timeout: 30_000 });
    result.place = await page.locator("#place").innerText();
    result.played = true;
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(result));
