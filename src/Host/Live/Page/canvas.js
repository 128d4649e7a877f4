// Canvases that stay sharp, and the theme's colours for them.

const styles = getComputedStyle(document.documentElement);
let cache = new Map();

export function color(name) {
  let value = cache.get(name);
  if (!value) cache.set(name, value = styles.getPropertyValue("--" + name).trim());
  return value;
}

export function forgetColors() { cache = new Map(); }

export function rgb(name) {
  const hex = color(name);
  return [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
}

// Gives a context in CSS pixels over a cleared canvas, or null while the canvas has no size.
export function begin(canvas) {
  const width = canvas.clientWidth, height = canvas.clientHeight, ratio = Math.min(3, devicePixelRatio || 1);
  if (!width || !height) return null;
  const w = Math.round(width * ratio), h = Math.round(height * ratio);
  if (canvas.width !== w || canvas.height !== h) { canvas.width = w; canvas.height = h; }
  const g = canvas.getContext("2d");
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, width, height);
  g.font = "11px " + getComputedStyle(document.body).fontFamily;
  return { g, width, height };
}
