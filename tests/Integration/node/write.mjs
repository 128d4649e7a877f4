// Writes an MCAP file with the writer of @mcap/core: messages out of order, several chunks, two channels, metadata, an attachment.
import { createHash } from "node:crypto";
import { openSync, writeSync } from "node:fs";
import { McapWriter } from "@mcap/core";

const file = openSync(process.argv[2], "w");
let position = 0n;
const writable = {
  position: () => position,
  write: async (bytes) => {
    writeSync(file, bytes);
    position += BigInt(bytes.length);
  },
};
const writer = new McapWriter({ writable, chunkSize: 4096 });
await writer.start({ profile: "test", library: "from node" });
const schemaId = await writer.registerSchema({ name: "Example", encoding: "jsonschema", data: Buffer.from("{}") });
const a = await writer.registerChannel({ topic: "/a", messageEncoding: "json", schemaId, metadata: new Map([["unit", "m/s²"]]) });
const b = await writer.registerChannel({ topic: "/b", messageEncoding: "raw", schemaId: 0, metadata: new Map() });
const lines = [];
for (let i = 0; i < 2000; i++) {
  const data = Buffer.alloc(i % 50, i);
  const logTime = BigInt(i % 7 === 0 ? Math.max(0, i - 300) : i) * 1000n;
  await writer.addMessage({ channelId: i % 3 ? a : b, sequence: i, logTime, publishTime: logTime + 1n, data });
  lines.push([logTime, `${i % 3 ? "/a" : "/b"} ${i} ${logTime} ${logTime + 1n} ${data.toString("hex")}\n`]);
}
await writer.addAttachment({ name: "notes.txt", mediaType: "text/plain", logTime: 1n, createTime: 2n, data: Buffer.from("from node") });
await writer.addMetadata({ name: "run", metadata: new Map([["seed", "42"]]) });
await writer.end();
// By time, ties in the order of writing: sort is stable.
lines.sort((x, y) => (x[0] < y[0] ? -1 : x[0] > y[0] ? 1 : 0));
const sum = createHash("sha256");
for (const [, line] of lines) sum.update(line);
console.log(JSON.stringify({ messages: lines.length, sum: sum.digest("hex") }));
