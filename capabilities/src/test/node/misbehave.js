// A server that goes wrong on demand: its tools die, hang, flood, or change the list of tools.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  CallToolRequestSchema,
  CancelledNotificationSchema,
  ListToolsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';

const [journal, mode] = process.argv.slice(2);
const note = (line) => appendFileSync(journal, line + '\n');
note(`start ${process.pid}`);
if (mode === 'refuse') {
  console.error(`no licence: ${process.env.API_TOKEN}`);
  process.exit(3);
}
if (mode === 'mute' || mode === 'chatty') {
  if (mode === 'chatty') console.log('Welcome to the shop!');
  setInterval(() => {}, 1000);
} else {
  const server = new Server({ name: 'misbehave', version: '0.1' }, { capabilities: { tools: { listChanged: true } } });
  const names = ['die', 'hang', 'flood', 'grow', 'secret', 'child', 'much', 'garble', 'freeze', 'misshape', 'slow'];
  server.setRequestHandler(ListToolsRequestSchema, async () => ({
    tools: names.map((name) => ({ name, inputSchema: { type: 'object' } })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async (request, extra) => {
    const text = (t) => ({ content: [{ type: 'text', text: t }] });
    switch (request.params.name) {
      case 'die':
        console.error('out of luck');
        process.exit(7);
      case 'hang':
        extra.signal.addEventListener('abort', () => note('cancelled'));
        return new Promise(() => {});
      case 'freeze':
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60000);
        return text('thawed');
      case 'flood':
        process.stdout.write('x'.repeat(40 << 20));
        return new Promise(() => {});
      case 'grow':
        names.push('late');
        await server.sendToolListChanged();
        return text('grown');
      case 'much':
        return text('y'.repeat(request.params.arguments.bytes));
      case 'garble':
        process.stdout.write(`{"result":{"content":[{"type":"text","text":"\\q"}]},"jsonrpc":"2.0","id":${JSON.stringify(extra.requestId)}}\n`);
        return new Promise(() => {});
      case 'misshape':
        process.stdout.write(`{"result":{"content":"nolist"},"jsonrpc":"2.0","id":${JSON.stringify(extra.requestId)}}\n`);
        return new Promise(() => {});
      case 'slow':
        await new Promise((done) => setTimeout(done, 1000));
        return text('slow but well');
      case 'child': {
        const child = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
        note(`child ${child.pid}`);
        return text(String(child.pid));
      }
      default:
        return text(`the token is ${process.env.API_TOKEN}, the key ${process.env.OPENAI_API_KEY}`);
    }
  });
  await server.connect(new StdioServerTransport());
}
