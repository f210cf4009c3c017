/** Runs the embedded Toxiproxy as a process of its own: `node main.ts -port 8474 -seed 1`. */
import '../../disposable-stacks.ts';
import { readFile } from 'node:fs/promises';
import { TOXIPROXY_VERSION } from './api/toxiproxy-routes.ts';
import { parseFlags, usage, type Flags } from './flags.ts';
import { describeStartFailure } from '../start-failure.ts';
import { startToxiproxy } from './server.ts';

const exitStatus = { failed: 1, usage: 2 } as const;

const parsed = parseFlags(process.argv.slice(2));
switch (parsed.kind) {
  case 'help':
    process.stdout.write(usage);
    break;
  case 'version':
    process.stdout.write(`redcliff toxiproxy, as toxiproxy-server version ${TOXIPROXY_VERSION}\n`);
    break;
  case 'wrong':
    process.stderr.write(`toxiproxy: ${parsed.problem}\n${usage}`);
    process.exitCode = exitStatus.usage;
    break;
  case 'run':
    try {
      await run(parsed.flags);
    } catch (error) {
      process.stderr.write(`toxiproxy: ${describeStartFailure(error)}\n`);
      process.exit(exitStatus.failed);
    }
}

async function run({ config, ...options }: Flags): Promise<void> {
  const proxies = config === undefined ? undefined : { file: config, text: await readConfig(config) };
  const server = await startToxiproxy(options);
  if (proxies !== undefined) {
    const problem = await server.populate(proxies.text);
    if (problem !== undefined) throw new Error(`-config ${proxies.file}: ${problem}`);
  }
  process.stdout.write(`${JSON.stringify({ event: 'ready', port: server.port, pid: process.pid })}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void server[Symbol.asyncDispose]().then(() => process.exit(0));
    });
  }
}

async function readConfig(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(
      `-config ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}
