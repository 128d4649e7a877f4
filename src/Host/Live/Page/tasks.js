// The fleet: who does what, who has which task and until when its lease holds, and how the links stand.

import { $, say } from "./panels.js";

const phases = { idle: "idle", driving: "on its way", waiting: "waits for leave", working: "at work", committing: "asks to act", finishing: "reports" };
const links = { stopped: "off", connecting: "connecting", up: "up", down: "down", refused: "refused" };

function fill(body, list, columns, write) {
  while (body.rows.length > list.length) body.deleteRow(-1);
  while (body.rows.length < list.length) {
    const row = document.createElement("tr");
    for (let i = 0; i < columns; i++) row.append(document.createElement("td"));
    body.append(row);
  }
  list.forEach((item, i) => write(item, body.rows[i], text => [...text].forEach((t, c) => say(body.rows[i].cells[c], t))));
}

export function showTasks(fleet) {
  $("tasks").hidden = !fleet;
  // Where a lease holds is known to its holder alone; a watch beside the fleet has no column for it.
  $("tasks").classList.toggle("watched", Boolean(fleet?.notes));
  if (!fleet) return;
  const done = fleet.tasks.filter(t => t.state === "done").length, coordinators = fleet.robots.filter(r => r.coordinates).map(r => r.robot);
  say($("tasks-count"), `${done} of ${fleet.tasks.length} tasks done`);
  say($("tasks-coordinator"), coordinators.length ? `coordinated by ${coordinators.join(", ")}` : "no coordinator");
  $("tasks-note").hidden = !fleet.notes;
  say($("tasks-note"), fleet.notes?.length ? fleet.notes.join(" ") : fleet.notes ? "nothing is wrong" : "");
  $("tasks-note").dataset.level = fleet.notes?.length ? "bad" : "good";
  $("tasks-bar").style.width = fleet.tasks.length ? `${100 * done / fleet.tasks.length}%` : "0";
  fill($("task-robots").tBodies[0], fleet.robots, 5, (robot, row, write) => {
    write([robot.robot, phases[robot.phase] ?? robot.phase, robot.task ?? "–", String(robot.done), `${links[robot.link] ?? robot.link}, ${robot.alive} heard`]);
    row.cells[4].dataset.level = robot.link === "up" ? "good" : "bad";
  });
  // Open ones first, then the latest done: what matters stays in sight.
  const order = { held: 0, open: 1, done: 2, cancelled: 3 };
  const tasks = [...fleet.tasks].sort((a, b) => order[a.state] - order[b.state] || a.task.localeCompare(b.task));
  fill($("task-list").tBodies[0], tasks, 5, (task, row, write) => {
    write([task.task, task.kind, task.state, task.robot ?? "–", task.lease === undefined ? "" : task.lease === null ? (task.class === "exclusive" && task.state === "open" ? "none" : "") : `${task.lease.toFixed(1)} s`]);
    row.className = task.state;
  });
}
