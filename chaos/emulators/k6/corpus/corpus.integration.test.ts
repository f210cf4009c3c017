/**
 * A hundred scripts as teams write them: each says in its head how many requests it makes. All of them run, and an outage makes
 * each that has thresholds fail.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCorpusServer } from './corpus-server.ts';
import type { CorpusServer } from './corpus-server.ts';
import { runScript } from './run-script.ts';
import type { Sample, ScriptOutcome } from './run-script.ts';

const scriptsFolder = join(import.meta.dirname, 'scripts');

interface CorpusScript {
  readonly name: string;
  readonly path: string;
  /** What its head says: a number, or more than one. */
  readonly requests: string;
  readonly hasThresholds: boolean;
}

function scriptsIn(folder: string): CorpusScript[] {
  return readdirSync(join(scriptsFolder, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => {
      const path = join(scriptsFolder, folder, name);
      const text = readFileSync(path, 'utf8');
      return {
        hasThresholds: /\bthresholds:/.test(text),
        name: `${folder}/${name}`,
        path,
        requests: /^\/\/ requests: (\S+)$/m.exec(text)?.[1] ?? 'none',
      };
    });
}

const kinds = { commonjs: 15, synchronous: 70, typescript: 15 } as const;
const corpus = Object.keys(kinds).flatMap(scriptsIn);
const pairs = [...new Set(readdirSync(join(scriptsFolder, 'pairs')).map((name) => name.replace(/\..*/, '')))];

let working: CorpusServer;
let broken: CorpusServer;
beforeAll(async () => {
  working = await startCorpusServer('working');
  broken = await startCorpusServer('broken');
});
afterAll(async () => {
  await working[Symbol.asyncDispose]();
  await broken[Symbol.asyncDispose]();
});

test('the corpus has its hundred scripts, each with its number of requests', () => {
  for (const [kind, least] of Object.entries(kinds)) {
    expect(scriptsIn(kind).length).toBeGreaterThanOrEqual(least);
  }
  expect(corpus.filter(({ requests }) => !/^>?\d+$/.test(requests))).toEqual([]);
});

/** With the log where it did not. */
function assertPassed({ checks, exitCode, log }: ScriptOutcome): void {
  const hasPassed = checks.fails === 0 && exitCode === 0;
  expect({ exitCode, failedChecks: checks.fails, log: hasPassed ? '' : log }).toEqual({
    exitCode: 0,
    failedChecks: 0,
    log: '',
  });
}

describe('runs', () => {
  test.each(corpus)('$name', async ({ path, requests }) => {
    const outcome = await runScript(path, working.url);
    assertPassed(outcome);
    const [, isLeast, count] = /^(>?)(\d+)$/.exec(requests) ?? [];
    expect(isLeast === '>' ? Math.min(outcome.requests, Number(count) + 1) : outcome.requests).toBe(
      Number(count) + (isLeast === '>' ? 1 : 0),
    );
  });
});

describe('fails where the service answers 500 to all', () => {
  test.each(corpus.filter(({ hasThresholds }) => hasThresholds))('$name', async ({ path }) => {
    const { exitCode, log } = await runScript(path, broken.url);
    // Thresholds, or the exception that ended setup.
    expect({ ended: exitCode === 99 || exitCode === 107 ? 'failed' : exitCode, log }).toEqual({
      ended: 'failed',
      log,
    });
  });
});

/** How often each metric got a sample of these tags, and what those add up to that are no times. */
function tally(samples: readonly Sample[]): Record<string, { samples: number; sum: number | undefined }> {
  const found = new Map<string, { samples: number; sum: number | undefined }>();
  for (const { metric, tags, value } of samples) {
    // As many as there were seconds.
    if (metric === 'vus' || metric === 'vus_max') continue;
    const key = `${metric} ${JSON.stringify(Object.entries(tags).toSorted())}`.replaceAll(
      /items\/\d{2,}/g,
      'items/N',
    );
    const isTime = /duration|blocked|connecting|handshaking|sending|waiting|receiving/.test(metric);
    const before = found.get(key) ?? { samples: 0, sum: isTime ? undefined : 0 };
    found.set(key, {
      samples: before.samples + 1,
      sum: before.sum === undefined ? undefined : before.sum + value,
    });
  }
  return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

test('there are ten pairs', () => {
  expect(pairs).toHaveLength(10);
});

describe('has the same samples whether its calls block or not', () => {
  test.each(pairs)('%s', async (name) => {
    const run = async (kind: string): Promise<ReturnType<typeof tally>> => {
      const outcome = await runScript(join(scriptsFolder, 'pairs', `${name}.${kind}.js`), working.url);
      assertPassed(outcome);
      expect(outcome.requests).toBeGreaterThan(0);
      return tally(outcome.samples);
    };
    expect(await run('async')).toEqual(await run('sync'));
  });
});
