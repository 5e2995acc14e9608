// The official client: prints what a server offers, then makes each call that comes as a line of
// {"tool", "args"}. Arguments: a URL and a token ("-" for none), or "stdio" and a command line.
import { createInterface } from 'node:readline';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [where, ...rest] = process.argv.slice(2);
const transport =
  where === 'stdio'
    ? new StdioClientTransport({ command: rest[0], args: rest.slice(1), env: process.env, stderr: 'inherit' })
    : new StreamableHTTPClientTransport(new URL(where), {
        requestInit: rest[0] === '-' ? {} : { headers: { Authorization: `Bearer ${rest[0]}` } },
      });
const client = new Client({ name: 'windlass-test', version: '1' });
const print = (value) => process.stdout.write(JSON.stringify(value) + '\n');
try {
  await client.connect(transport);
  print({
    server: client.getServerVersion(),
    instructions: client.getInstructions(),
    tools: (await client.listTools()).tools,
  });
  for await (const line of createInterface({ input: process.stdin })) {
    const { tool, args } = JSON.parse(line);
    try {
      print(await client.callTool({ name: tool, arguments: args }));
    } catch (e) {
      print({ thrown: String(e) });
    }
  }
  await client.close();
} catch (e) {
  print({ failed: String(e) });
}
