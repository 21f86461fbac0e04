// socketio.mjs PORT CONTROL REDIS_SOCKET: Socket.IO with its Redis adapter.
import { createServer } from "node:http";

import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";

import { onMessages } from "./control.mjs";

const [port, control, redisSocket] = process.argv.slice(2);
const publisher = createClient({ socket: { path: redisSocket } });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);

const http = createServer();
const io = new Server(http, {
  adapter: createAdapter(publisher, subscriber),
  transports: ["websocket"],
  perMessageDeflate: false,
});

io.on("connection", (socket) => {
  socket.on("ack", (ack) => {
    socket.data.seq = ack.seq;
  });
});

http.listen({ host: "127.0.0.1", port: Number(port), backlog: 4096 });
onMessages(control, (line) => io.emit("event", JSON.parse(line)));
