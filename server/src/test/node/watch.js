// Joins executions over Socket.IO and prints one line of JSON for each event, until each has ended.
//   node watch.js URL TRANSPORTS CLIENTS ANSWER EXECUTION...
// TRANSPORTS is "default", "polling" or "websocket"; CLIENTS connect, each with all executions.
// Questions are answered with ANSWER, unless that is "-".
import { io } from "socket.io-client";

const [url, transports, clients, answer, ...executions] = process.argv.slice(2);
const print = (line) => process.stdout.write(JSON.stringify(line) + "\n");
const options = {
  forceNew: true,
  reconnectionDelay: 100,
  reconnectionDelayMax: 500,
  ...(transports === "default" ? {} : { transports: [transports] }),
};
let open = Number(clients);

for (let client = 0; client < Number(clients); client++) {
  const left = new Set(executions);
  const socket = io(url + "/executions", options);
  socket.on("connect", () => {
    print({ client, event: "open", data: {} });
    for (const execution_id of left) socket.emit("join_execution", { execution_id });
  });
  socket.on("connect_error", (error) =>
    print({ client, event: "connect_error", data: { message: error.message } }));
  socket.on("disconnect", (reason) => print({ client, event: "closed", data: { reason } }));
  socket.onAny((event, data) => {
    print({ client, event, transport: socket.io.engine.transport.name, data });
    if (event === "interactive_prompt" && answer !== "-") {
      socket.emit("submit_response", { prompt_id: data.prompt_id, response: answer });
    }
    if (event === "execution_completed" || event === "execution_failed") {
      left.delete(data.execution_id);
      if (left.size === 0) {
        socket.disconnect();
        if (--open === 0) process.exit(0);
      }
    }
  });
}
