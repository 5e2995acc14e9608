// A small MCP server over stdio without any package: adds, fails, or takes its time.
import { createInterface } from "node:readline";

const numbers = { type: "object", required: ["a", "b"], properties: { a: { type: "number" }, b: { type: "number" } } };
const none = { type: "object", properties: {} };
const tools = [
  { name: "add", title: "Adder", description: "Adds two numbers", inputSchema: numbers },
  { name: "fail", description: "Always fails", inputSchema: none },
  { name: "slow-one", description: "Answers after a minute", inputSchema: none },
];
const answers = {
  initialize: (params) => ({
    protocolVersion: params.protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "calculator", version: "1.2.3" },
  }),
  ping: () => ({}),
  "tools/list": () => ({ tools }),
  "tools/call": ({ name, arguments: given }) =>
    name === "add"
      ? { content: [{ type: "text", text: String(given.a + given.b) }], structuredContent: { sum: given.a + given.b } }
      : { content: [{ type: "text", text: "it broke" }], isError: true },
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined || !answers[method]) return;
  const late = method === "tools/call" && params.name === "slow-one";
  setTimeout(
    () => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result: answers[method](params) }) + "\n"),
    late ? 60_000 : 0);
});
