// Runs inside a network of its own and is the only way into it and out of it: TCP there, sockets in a folder here.
// Its one argument: { outward: [{ address, port, socket }], inward: [{ port, socket }] }
import { once } from "node:events";
import net from "node:net";

/** Sends all data of one side to the other, its end too. */
function join(one, other) {
  one.pipe(other);
  other.pipe(one);
  for (const [socket, peer] of [
    [one, other],
    [other, one],
  ]) {
    socket.setNoDelay(true);
    socket.on("error", () => {});
    // Data sent before the end must still arrive.
    socket.once("close", (broken) => (broken ? peer.destroy() : peer.end()));
  }
}

const { outward, inward } = JSON.parse(process.argv[2]);
const listening = [
  ...outward.map(({ address, port, socket }) =>
    net.createServer((client) => join(client, net.connect(socket))).listen(port, address),
  ),
  ...inward.map(({ port, socket }) =>
    net.createServer((client) => join(client, net.connect(port, "127.0.0.1"))).listen(socket),
  ),
];
await Promise.all(listening.map((server) => once(server, "listening")));
process.stdout.write("ready\n");
