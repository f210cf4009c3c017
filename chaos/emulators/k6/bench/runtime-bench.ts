/**
 * The runtime beside autocannon against one trivial server, and its memory with many VUs.
 *
 * `node chaos/emulators/k6/bench/runtime-bench.ts [rounds]`. Rounds of both clients alternate, so that a noisy machine
 * disturbs them alike; what counts is the ratio.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const here = import.meta.dirname;
const runtime = join(here, '..', 'main.ts');
const rounds = Number(process.argv[2] ?? 3);
const seconds = 5;
const connections = 50;
const manyVus = 2000;

interface Server {
  readonly port: string;
  stop(): void;
}

async function startServer(): Promise<Server> {
  const child = spawn(process.execPath, [join(here, 'trivial-server.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port] = await readLines(child, 1);
  return { port: port ?? '', stop: () => child.stdin.end() };
}

async function readLines(child: ChildProcess, count: number): Promise<string[]> {
  const lines: string[] = [];
  if (child.stdout === null) return lines;
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === count) break;
  }
  return lines;
}

function run(command: readonly string[]): Promise<{ stdout: string; peakMb: number }> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  let peakMb = 0;
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const sampler = setInterval(() => {
    peakMb = Math.max(peakMb, residentPeakMb(child.pid ?? 0));
  }, 100);
  return new Promise((resolve) => {
    child.once('close', () => {
      clearInterval(sampler);
      resolve({ peakMb, stdout });
    });
  });
}

function residentPeakMb(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

async function autocannonRate(port: string): Promise<number> {
  const cli = createRequire(import.meta.url).resolve('autocannon');
  const words = ['-j', '-c', String(connections), '-d', String(seconds), `http://127.0.0.1:${port}/`];
  const { stdout } = await run([process.execPath, cli, ...words]);
  return Number(/"requests":\{"average":([\d.]+)/.exec(stdout)?.[1]);
}

async function runtimeRate(port: string, folder: string): Promise<number> {
  const file = join(folder, 'summary.json');
  const words = [
    'run',
    '-q',
    '-u',
    String(connections),
    '-d',
    `${seconds}s`,
    '-e',
    `PORT=${port}`,
    '--summary-export',
    file,
  ];
  await run([process.execPath, runtime, ...words, join(here, 'load.k6.ts')]);
  return Number(/"http_reqs": \{\s*"count": \d+,\s*"rate": ([\d.]+)/.exec(readFileSync(file, 'utf8'))?.[1]);
}

async function memoryMb(port: string, vus: number): Promise<number> {
  const words = ['run', '-q', '--no-summary', '-u', String(vus), '-d', '6s', '-e', `PORT=${port}`];
  return (await run([process.execPath, runtime, ...words, join(here, 'waiting.k6.ts')])).peakMb;
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;

const folder = mkdtempSync(join(tmpdir(), 'runtime-bench-'));
const server = await startServer();
try {
  const ratios: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const reference = await autocannonRate(server.port);
    const own = await runtimeRate(server.port, folder);
    ratios.push(own / reference);
    print(
      `round ${round}: autocannon ${reference.toFixed(0)}/s, runtime ${own.toFixed(0)}/s, ratio ${(own / reference).toFixed(2)}`,
    );
  }
  print(`median ratio ${median(ratios).toFixed(2)} at ${connections} connections (goal: at least 0.65)`);
  print(`memory at 10 VUs: ${(await memoryMb(server.port, 10)).toFixed(0)} MB`);
  print(
    `memory at ${manyVus} VUs: ${(await memoryMb(server.port, manyVus)).toFixed(0)} MB (goal: at most 300)`,
  );
} finally {
  server.stop();
  rmSync(folder, { force: true, recursive: true });
}
