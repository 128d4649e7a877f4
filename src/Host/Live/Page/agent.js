// The mission agent: what it was told, what it decided last, and what else it might have.

import { $, say } from "./panels.js";

const sources = { policy: "trained policy", planner: "planner", languageModel: "language model", safeStop: "safe stop" };
const outcomes = { succeeded: "mission done", failed: "mission failed", safeStopped: "mission stopped safely", cancelled: "mission stopped", fault: "mission broken off" };

const percent = p => p === null || p === undefined ? "" : `${(p * 100).toFixed(p < 0.1 ? 1 : 0)} %`;

export function showAgent(agent) {
  $("agent").hidden = !agent;
  if (!agent) return;
  const isEnd = agent.kind === "end";
  say($("agent-mission"), agent.mission);
  say($("agent-task"), agent.instruction);
  say($("agent-step"), `step ${agent.step} of ${agent.limit}`);
  // The last command stays on show behind the mission's end.
  say($("agent-verdict"), isEnd ? `${outcomes[agent.outcome] ?? agent.outcome}${agent.detail ? ": " + agent.detail : ""}` : agent.verdict);
  $("agent-verdict").dataset.level = (isEnd ? agent.outcome === "succeeded" : agent.command !== null) ? "good" : "bad";
  if (isEnd) return;
  say($("agent-command"), agent.command ?? "no command");
  say($("agent-chance"), percent(agent.probability));
  say($("agent-others"), agent.alternatives.map(a => `${a.command} ${percent(a.probability)}`).join(" · ") || "–");
  say($("agent-progress"), agent.progress === null ? "–" : agent.progress.toFixed(3));
  say($("agent-source"), (sources[agent.source] ?? agent.source) + (agent.fallback ? " (fallback)" : ""));
}
