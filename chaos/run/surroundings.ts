/** Where a run is made: commit, versions, machine, stack. What a reader must know before comparing it with another. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Cell, type Report, schemaVersion } from '../../reports/record/report.ts';
import { packageFolder } from '../setup/own-files.mjs';
import type { PartDescription, Stack } from '../stack/contract.ts';
import type { LoadedTarget } from '../target/load-config.ts';
import type { K6Program } from './k6-program.ts';

const gitTimeoutMs = 5_000;
/** Packages whose version may change what is measured, where the target or the harness has them. */
const packagesOfInterest = ['bson', 'fastify', 'ioredis', 'mongodb', 'mongoose'];

export type Surroundings = Pick<Report, 'commit' | 'machine' | 'provider' | 'versions'>;

/** A report before it was compared and judged as a whole. */
export type RanReport = Omit<Report, 'comparison' | 'exit'>;

export interface RunDescription {
  readonly id: string;
  /** The command line that repeats it. */
  readonly command: string;
  readonly seed: string;
  /** Epoch milliseconds. */
  readonly startedMs: number;
  readonly endedMs: number;
  readonly target: LoadedTarget;
  readonly stack: Stack;
  readonly k6: K6Program | null;
  readonly workers?: Report['workers'];
  readonly cells: Cell[];
}

export async function describeRun(run: RunDescription): Promise<RanReport> {
  return {
    schemaVersion,
    id: run.id,
    command: run.command,
    startedAt: new Date(run.startedMs).toISOString(),
    endedAt: new Date(run.endedMs).toISOString(),
    seed: run.seed,
    ...(await describeSurroundings(run.target, run.stack, run.k6)),
    ...(run.workers === undefined ? {} : { workers: run.workers }),
    cells: run.cells,
  };
}

export async function describeSurroundings(
  target: LoadedTarget,
  stack: Stack,
  k6: K6Program | null,
): Promise<Surroundings> {
  return {
    commit: await describeCommit(target.folder),
    versions: await describeVersions(target),
    provider: { name: stack.provider, ...stack.parts, k6: describeK6(k6) },
    machine: describeMachine(),
  };
}

function describeK6(k6: K6Program | null): PartDescription {
  return k6 === null
    ? { kind: 'embedded', program: 'redcliff k6', version: process.versions.node }
    : { kind: 'real', program: k6.path, version: k6.version };
}

export function describeMachine(): Report['machine'] {
  const processors = cpus();
  return {
    platform: `${platform()} ${process.arch}`,
    cpuModel: processors[0]?.model.trim() ?? 'unknown',
    cpus: processors.length,
    memoryBytes: totalmem(),
  };
}

async function describeVersions({ configFile }: LoadedTarget): Promise<Record<string, string>> {
  const own = await versionIn(join(packageFolder, 'package.json'));
  const versions: Record<string, string> = { redcliff: own ?? 'unknown', node: process.versions.node };
  const require = createRequire(configFile);
  for (const name of packagesOfInterest) {
    for (const folder of require.resolve.paths(name) ?? []) {
      const version = await versionIn(join(folder, name, 'package.json'));
      if (version === null) continue;
      versions[name] = version;
      break;
    }
  }
  return versions;
}

/** Commit of the target's checkout, with `+changes` when files differ from it; `unknown` outside a checkout. */
export async function describeCommit(folder: string): Promise<string> {
  const git = async (...parameters: string[]): Promise<string> => {
    const options = { cwd: folder, timeout: gitTimeoutMs };
    return (await promisify(execFile)('git', parameters, options)).stdout.trim();
  };
  try {
    const commit = await git('rev-parse', 'HEAD');
    const changes = await git('status', '--porcelain', '--untracked-files=no');
    return changes === '' ? commit : `${commit}+changes`;
  } catch {
    return 'unknown';
  }
}

/** Null for a package that is not installed. */
async function versionIn(file: URL | string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const description: unknown = JSON.parse(text);
  return typeof description === 'object' && description !== null && 'version' in description
    ? String(description.version)
    : null;
}
