/** The programs that the suite is run against: the built-in runtime always, a real k6 where there is one. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { systemClock } from '../clock.ts';
import { placeholders } from './case.ts';
import type { CompatCase } from './case.ts';

export interface Subject {
  readonly name: 'built-in' | 'k6';
  readonly command: readonly string[];
}

export interface CaseRun {
  readonly exitCode: number | null;
  readonly console: readonly string[];
  readonly log: string;
  readonly stdout: string;
  /** Reads a file that the run left beside the script. */
  readonly files: Readonly<Record<string, string>>;
}

const builtin: Subject = {
  command: [process.execPath, join(import.meta.dirname, '..', 'main.ts')],
  name: 'built-in',
};

/** A real k6 named by `K6` or found on PATH. */
function findRealK6(environment: NodeJS.ProcessEnv): Subject | undefined {
  const candidates = [
    ...(environment['K6'] === undefined ? [] : [environment['K6']]),
    ...(environment['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'k6')),
  ];
  const found = candidates.find((path) => existsSync(path));
  return found === undefined ? undefined : { command: [found], name: 'k6' };
}

export function subjects(environment: NodeJS.ProcessEnv): { subject: Subject; missing: boolean }[] {
  const real = findRealK6(environment);
  return [
    { missing: false, subject: builtin },
    { missing: real === undefined, subject: real ?? { command: [], name: 'k6' } },
  ];
}

const hangGuardMs = 40_000;
const lookIntervalMs = 100;

export async function runCase(
  subject: Subject,
  { environment, files, flags, script, signals }: Omit<CompatCase, 'exitCode' | 'name'>,
  serverAddress: string,
  collect: readonly string[] = [],
): Promise<CaseRun> {
  const folder = mkdtempSync(join(tmpdir(), 'k6-compat-'));
  try {
    const fill = (text: string): string =>
      text.replaceAll(placeholders.server, serverAddress).replaceAll(placeholders.refused, '127.0.0.1:1');
    for (const [name, text] of Object.entries({ ...files, 'script.ts': script })) {
      writeFileSync(join(folder, name), fill(text));
    }
    const consolePath = join(folder, 'console.txt');
    const [program = '', ...before] = subject.command;
    const words = ['run', '--console-output', consolePath, '--log-format', 'raw', '--address', '', '--quiet'];
    const child = spawn(program, [...before, ...words, ...(flags ?? []), 'script.ts'], {
      cwd: folder,
      env: { ...process.env, K6_NO_USAGE_REPORT: 'true', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    let stdout = '';
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    using _guard = systemClock.timer(hangGuardMs, () => child.kill('SIGKILL'));
    using _signaller = signalWhenReady(signals ?? [], consolePath, (signal) => child.kill(signal));
    const exitCode = await new Promise<number | null>((resolve) => {
      child.once('close', resolve);
    });
    return {
      console: readLines(consolePath),
      exitCode,
      files: Object.fromEntries(collect.map((name) => [name, readIfThere(join(folder, name))])),
      log,
      stdout,
    };
  } finally {
    rmSync(folder, { force: true, recursive: true });
  }
}

/** One signal each time it looks, from the moment the script has printed `ready`. */
function signalWhenReady(
  signals: readonly NodeJS.Signals[],
  consolePath: string,
  send: (signal: NodeJS.Signals) => void,
): Disposable {
  const waiting = [...signals];
  let timer: Disposable | undefined;
  const look = (): void => {
    const signal = readIfThere(consolePath).includes('ready') ? waiting.shift() : undefined;
    if (signal !== undefined) send(signal);
    timer = waiting.length > 0 ? systemClock.timer(lookIntervalMs, look) : undefined;
  };
  if (waiting.length > 0) timer = systemClock.timer(lookIntervalMs, look);
  return { [Symbol.dispose]: () => timer?.[Symbol.dispose]() };
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function readLines(path: string): string[] {
  const text = readIfThere(path);
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
