/** Where a run was made: what a reader must know before comparing it with another. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, platform, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { Report } from '../../reports/record/report.ts';

const repository = new URL('../../', import.meta.url);
const gitTimeoutMs = 5_000;
/** Packages whose version may change what is measured. */
const packagesOfInterest = ['bson', 'fastify', 'ioredis', 'mongodb', 'mongoose'];

export function describeMachine(): Report['machine'] {
  const processors = cpus();
  return {
    platform: `${platform()} ${process.arch}`,
    cpuModel: processors[0]?.model.trim() ?? 'unknown',
    cpus: processors.length,
    memoryBytes: totalmem(),
  };
}

export async function describeVersions(): Promise<Record<string, string>> {
  const own = await versionOf(new URL('package.json', repository));
  const versions: Record<string, string> = { redcliff: own, node: process.versions.node };
  for (const name of packagesOfInterest) {
    versions[name] = await versionOf(new URL(`node_modules/${name}/package.json`, repository));
  }
  return versions;
}

/** Commit of the checkout, with `+changes` when files differ from it; `unknown` outside a checkout. */
export async function describeCommit(): Promise<string> {
  const git = async (...parameters: string[]): Promise<string> => {
    const options = { cwd: repository, timeout: gitTimeoutMs };
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

async function versionOf(file: URL): Promise<string> {
  const description: unknown = JSON.parse(await readFile(file, 'utf8'));
  const version =
    typeof description === 'object' && description !== null && 'version' in description
      ? description.version
      : '';
  return String(version);
}
