/** Runs the embedded Toxiproxy as a process of its own: `node main.ts --port 8474 --seed 1`. */
import '../../disposable-stacks.ts';
import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { startToxiproxy, type ToxiproxyServer } from './server.ts';

interface Flags {
  readonly host: string;
  readonly port: number;
  readonly seed: string;
  readonly config?: string;
  readonly proxyMetrics?: boolean;
  readonly runtimeMetrics?: boolean;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('a port is 0 to 65535');
  return port;
}

const flags = new Command('toxiproxy')
  .description("Toxiproxy's HTTP API and toxics, seeded")
  .option('--host <host>', 'interface of the API', '127.0.0.1')
  .option('--port <port>', 'port of the API; 0 picks one', parsePort, 8474)
  .option('--seed <seed>', 'every random draw comes from it', '0')
  .option('--config <file>', 'JSON list of proxies to create at the start')
  .option('--proxy-metrics', 'serve /metrics with the bytes of each proxy', false)
  .option('--runtime-metrics', 'serve /metrics with memory and CPU of the process', false)
  .parse()
  .opts<Flags>();

const server = await start();
if (flags.config !== undefined) await populateFrom(flags.config);
process.stdout.write(`${JSON.stringify({ event: 'ready', port: server.port, pid: process.pid })}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void server[Symbol.asyncDispose]().then(() => process.exit(0));
  });
}

async function start(): Promise<ToxiproxyServer> {
  const { config: _, ...options } = flags;
  try {
    return await startToxiproxy(options);
  } catch (error) {
    process.stderr.write(`toxiproxy: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

async function populateFrom(file: string): Promise<void> {
  const answer = await fetch(`${server.url}/populate`, { method: 'POST', body: await readFile(file) });
  if (answer.status !== 201) process.stderr.write(`${file}: ${await answer.text()}\n`);
}
