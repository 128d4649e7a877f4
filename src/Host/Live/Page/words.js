// What the program's short names mean, in sentences.

export const rungs = ["nominal", "strained", "degraded", "hold", "safe stop"];

const meaning = [
  "Everything works.",
  "Little slack or some doubt: cheaper variants, more sensing.",
  "Late, old or doubtful data: speed is capped.",
  "No fresh percept or the actuator refuses: the last command decays to rest.",
  "The safe command goes out every cycle, latched.",
];

const causes = {
  slack: "little time was left in the period", queue: "an input queue filled up", trust: "a stream lost trust", deadlineMiss: "deadlines were missed",
  sampleAge: "the sample was old", stageFailure: "a stage failed", noPercept: "there was no fresh percept", actuator: "the actuator refused or did not answer",
  peerLost: "a required peer is gone", stopOnMiss: "a stage with on-miss Stop missed its budget", watchdog: "the watchdog found a stall", operator: "a person stopped the robot",
};

const reasons = {
  fixed: "fixed", eventRate: "event rate", errorEstimate: "error estimate", learned: "learned", safetyShrink: "safety", dwellHold: "waits to grow", operator: "operator", replay: "recording",
};

const reasonText = {
  fixed: "The period is fixed.", eventRate: "The event rate asks for it.", errorEstimate: "The error estimate allows it.", learned: "A learned pacer or the policy chose it.",
  safetyShrink: "Safety shortened it: trust, time to contact, stopping bound or rung.", dwellHold: "Growth waits for more votes.", operator: "A person set it.", replay: "Taken from a recording.",
};

export const reason = name => reasons[name] ?? name;
export const reasonSentence = name => reasonText[name] ?? name;

export function rungSentence(loop, mayClear) {
  const cause = causes[loop.rungReason];
  let text = meaning[loop.rung] ?? "";
  if (loop.rung > 0 && cause) text += ` Because ${cause}.`;
  if (loop.rung === 4) text += mayClear ? " Press Clear stop when the robot may move again." : " An operator must clear it; this page may not (Live:AllowControl is off).";
  else if (loop.rung > 0) text += " It climbs by itself, one rung at a time, once the conditions hold again.";
  return text;
}

export function short(value, digits = 3) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  if (size >= 1e6) return (value / 1e6).toFixed(size >= 1e7 ? 1 : 2) + " M";
  if (size >= 1e4) return (value / 1e3).toFixed(1) + " k";
  if (size >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return value.toFixed(Math.max(0, digits - (size >= 10 ? 2 : 1)));
}
