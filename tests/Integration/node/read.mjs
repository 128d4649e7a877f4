// Reads an MCAP file with both readers of @mcap/core and prints what each of them found, or its error, as one JSON object.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { McapIndexedReader, McapStreamReader } from "@mcap/core";
import { loadDecompressHandlers } from "@mcap/support";

const bytes = readFileSync(process.argv[2]);
const decompressHandlers = await loadDecompressHandlers();

// Order matters: topic, sequence, times and data of every message go into one sum.
function tally() {
  const sum = createHash("sha256");
  const found = { messages: 0, schemas: 0, channels: 0, attachments: 0, metadata: 0 };
  const line = (topic, m) => {
    found.messages++;
    sum.update(`${topic} ${m.sequence} ${m.logTime} ${m.publishTime} ${Buffer.from(m.data).toString("hex")}\n`);
  };
  return { found, line, done: () => ({ ...found, sum: sum.digest("hex") }) };
}

async function indexed() {
  const readable = { size: async () => BigInt(bytes.length), read: async (offset, length) => bytes.subarray(Number(offset), Number(offset + length)) };
  const reader = await McapIndexedReader.Initialize({ readable, decompressHandlers });
  const t = tally();
  for await (const m of reader.readMessages({ validateCrcs: true })) t.line(reader.channelsById.get(m.channelId).topic, m);
  for await (const a of reader.readAttachments({ validateCrcs: true })) t.found.attachments += a.data.length > 0 ? 1 : 0;
  for await (const m of reader.readMetadata()) t.found.metadata += m.metadata.size > 0 ? 1 : 0;
  t.found.schemas = reader.schemasById.size;
  t.found.channels = reader.channelsById.size;
  return { ...t.done(), chunks: reader.chunkIndexes.length, compression: reader.chunkIndexes[0]?.compression, statistics: Number(reader.statistics.messageCount), library: reader.header.library };
}

async function streamed() {
  const reader = new McapStreamReader({ validateCrcs: true, decompressHandlers });
  const t = tally();
  const channels = new Map(), schemas = new Set();
  for (let at = 0; at < bytes.length; at += 65536) {
    reader.append(bytes.subarray(at, at + 65536));
    for (let r; (r = reader.nextRecord()); ) {
      if (r.type === "Channel") channels.set(r.id, r.topic);
      if (r.type === "Schema") schemas.add(r.id);
      if (r.type === "Message") t.line(channels.get(r.channelId), r);
      if (r.type === "Attachment") t.found.attachments++;
      if (r.type === "Metadata") t.found.metadata++;
    }
  }
  t.found.channels = channels.size;
  t.found.schemas = schemas.size;
  return { ...t.done(), done: reader.done() };
}

const attempt = async (read) => {
  try {
    return await read();
  } catch (e) {
    return { error: String(e.message ?? e) };
  }
};
console.log(JSON.stringify({ indexed: await attempt(indexed), streamed: await attempt(streamed) }));
