// ws.mjs PORT CONTROL: the library `ws`, which sends each message to all its clients.
import { WebSocket, WebSocketServer } from "ws";

import { onMessages } from "./control.mjs";

const [port, control] = process.argv.slice(2);
const server = new WebSocketServer({
  host: "127.0.0.1",
  port: Number(port),
  backlog: 4096,
  perMessageDeflate: false,
});
const acknowledged = new WeakMap();

server.on("connection", (client) => {
  client.on("message", (text) => acknowledged.set(client, JSON.parse(text).seq));
});

onMessages(control, (line) => {
  const message = Buffer.from(line);
  for (const client of server.clients) {
    if (client.readyState === WebSocket.OPEN) client.send(message, { binary: false });
  }
});
