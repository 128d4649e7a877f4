// Connects to a Foxglove endpoint with the official client, looks at everything once, and prints one JSON object.
// usage: node foxglove.mjs URL SUBPROTOCOL LOOP
import wsProtocol from "@foxglove/ws-protocol";
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor/index.js";
import { WebSocket } from "ws";

const [url, subprotocol, loop] = process.argv.slice(2);
const { FoxgloveClient } = wsProtocol;
const patience = setTimeout(() => { console.error("nothing more came within 60 s", JSON.stringify(result)); process.exit(1); }, 60_000);

const result = { supported: FoxgloveClient.SUPPORTED_SUBPROTOCOL, errors: [], messages: {}, times: [] };
const socket = new WebSocket(url, [subprotocol]);
const client = new FoxgloveClient({ ws: socket });
const once = name => new Promise(resolve => { const take = value => { client.off(name, take); resolve(value); }; client.on(name, take); });
client.on("error", e => result.errors.push(String(e)));
client.on("time", t => result.times.push(String(t.timestamp)));

const channels = new Map(), bySubscription = new Map();
client.on("advertise", list => { for (const channel of list) channels.set(channel.topic, channel); });
const services = new Map();
client.on("advertiseServices", list => { for (const service of list) services.set(service.name, service); });

const [info] = await Promise.all([once("serverInfo"), once("open")]);
result.serverInfo = info;
result.protocol = socket.protocol;

const decoded = (channel, data) => {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (channel.encoding === "json") return JSON.parse(new TextDecoder().decode(bytes));
  const root = protobuf.Root.fromDescriptor(descriptor.FileDescriptorSet.decode(Buffer.from(channel.schema, "base64")));
  const type = root.lookupType(channel.schemaName);
  return type.toObject(type.decode(bytes), { longs: String, bytes: String });
};

const wanted = ["/tf", "/view/map", ...["image", "boxes", "pose", "scan", "path", "sectors", "latency", "health"].map(n => `/view/${loop}/${n}`)];
const all = new Promise(resolve => client.on("message", message => {
  const channel = bySubscription.get(message.subscriptionId);
  if (!channel || result.messages[channel.topic]) return;
  result.messages[channel.topic] = { schema: channel.schemaName, encoding: channel.encoding, time: String(message.timestamp), bytes: message.data.byteLength, content: decoded(channel, message.data) };
  if (Object.keys(result.messages).length === wanted.length && result.times.length >= 2) resolve();
}));
while (!wanted.every(topic => channels.has(topic))) await once("advertise");
for (const topic of wanted) bySubscription.set(client.subscribe(channels.get(topic).id), channels.get(topic));
await all;
result.topics = [...channels.keys()];

client.getParameters([], "all");
result.parameters = (await once("parameterValues")).parameters;
client.subscribeConnectionGraph();
result.graph = await once("connectionGraphUpdate");

const stop = services.get("/edge/safe_stop");
client.sendServiceCallRequest({ serviceId: stop.id, callId: 7, encoding: "json", data: new DataView(new TextEncoder().encode(JSON.stringify({ loop })).buffer) });
const response = await once("serviceCallResponse");
result.stop = { callId: response.callId, encoding: response.encoding, answer: JSON.parse(new TextDecoder().decode(response.data)) };
const clear = services.get("/edge/clear");
client.sendServiceCallRequest({ serviceId: clear.id, callId: 8, encoding: "json", data: new DataView(new TextEncoder().encode("{}").buffer) });
result.clear = await once("serviceCallFailure");

client.close();
result.closed = (await once("close")).code;
clearTimeout(patience);
console.log(JSON.stringify(result));
