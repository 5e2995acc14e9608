// Sends what no client should over Socket.IO, and looks whether the server stands it.
//   node garbage.js URL
import { io } from "socket.io-client";

const url = process.argv[2];
const poll = url + "/socket.io/?EIO=4&transport=polling";
const post = (at, body) =>
  fetch(at, { method: "POST", body }).then((answer) => answer.status, () => "cut off");

const opened = await (await fetch(poll)).text();
const sid = JSON.parse(opened.slice(1)).sid;
for (const body of ["", "9", "42[", "4", "\u0000", "451-[\"x\",{\"_placeholder\":true,\"num\":0}]", "b!!!!",
  "42/executions," + "[".repeat(100_000), "x".repeat(1_000_000)]) {
  await post(`${poll}&sid=${sid}`, body);
}
await post(`${poll}&sid=unknown`, "40");
await fetch(url + "/socket.io/?EIO=99&transport=none");

const socket = io(url + "/executions", { forceNew: true, transports: ["websocket"], reconnection: false });
await new Promise((resolve) => socket.on("connect", resolve));
const errors = [];
socket.on("error", (error) => errors.push(error.code));
for (const data of [undefined, null, 7, "x", [], {}, { execution_id: 7 }, { execution_id: "nope" }]) {
  socket.emit("join_execution", data);
}
socket.emit("submit_response", { prompt_id: "nope", response: "approve" });
socket.emit("no_such_event", { a: 1 });
const acknowledged = await socket.timeout(5_000).emitWithAck("join_execution", { execution_id: "nope" });
console.log(`acknowledged ${acknowledged.ok} after ${errors.length} errors`);
for (let i = 0; i < 5_000; i++) socket.emit("join_execution", { execution_id: "nope" + i });
await new Promise((resolve) => (socket.connected ? socket.on("disconnect", resolve) : resolve()));
console.log("flooder cut off");
console.log((await fetch(url + "/health")).ok ? "still answers" : "does not answer");
process.exit(0);
