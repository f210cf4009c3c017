/** Runs a script of the corpus on the built-in runtime and reads what its run left. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';

export interface ScriptOutcome {
  readonly exitCode: number | null;
  readonly log: string;
  readonly requests: number;
  readonly checks: { readonly passes: number; readonly fails: number };
  /** Every sample, as `--out json` writes it. */
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly metric: string;
  readonly value: number;
  readonly tags: Readonly<Record<string, string>>;
}

interface Summary {
  readonly metrics: Readonly<Record<string, { count?: number; passes?: number; fails?: number }>>;
}

const main = join(import.meta.dirname, '..', 'main.ts');
const hangGuardMs = 60_000;

export async function runScript(
  path: string,
  baseUrl: string,
  flags: readonly string[] = [],
): Promise<ScriptOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'k6-corpus-'));
  try {
    const summaryPath = join(folder, 'summary.json');
    const samplesPath = join(folder, 'samples.json');
    const outputs = ['--summary-export', summaryPath, '--out', `json=${samplesPath}`];
    const words = ['run', '--quiet', ...outputs, ...flagsOf(path), ...flags, path];
    const child = spawn(process.execPath, [main, ...words], {
      env: { ...process.env, BASE_URL: baseUrl },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    using _guard = systemClock.timer(hangGuardMs, () => child.kill('SIGKILL'));
    const exitCode = await new Promise<number | null>((resolve) => {
      child.once('close', resolve);
    });
    const { metrics }: Summary = existsSync(summaryPath)
      ? JSON.parse(readFileSync(summaryPath, 'utf8'))
      : { metrics: {} };
    return {
      checks: { fails: metrics['checks']?.fails ?? 0, passes: metrics['checks']?.passes ?? 0 },
      exitCode,
      log,
      requests: metrics['http_reqs']?.count ?? 0,
      samples: existsSync(samplesPath) ? readSamples(samplesPath) : [],
    };
  } finally {
    rmSync(folder, { force: true, recursive: true });
  }
}

/** A script may say in a comment which flags it needs. */
function flagsOf(path: string): string[] {
  return /^\/\/ flags: (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1]?.split(' ') ?? [];
}

interface OutputLine {
  readonly type: string;
  readonly metric: string;
  readonly data: { readonly value: number; readonly tags: Readonly<Record<string, string>> | null };
}

function readSamples(path: string): Sample[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines
    .map((line): OutputLine => JSON.parse(line))
    .filter(({ type }) => type === 'Point')
    .map(({ data, metric }) => ({ metric, tags: data.tags ?? {}, value: data.value }));
}
