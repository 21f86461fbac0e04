// Messages come one a line over a unix socket.
import { createServer } from "node:net";
import { createInterface } from "node:readline";

export function onMessages(path, publish) {
  createServer((socket) => {
    createInterface({ input: socket, crlfDelay: Infinity }).on("line", publish);
  }).listen(path);
}
