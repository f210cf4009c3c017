/** Which k6 runs the scripts, checked before anything starts. Null stands for the built-in runtime. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { systemClock } from '../clock.ts';
import { MissingPartError } from '../errors.ts';
import { onPath } from '../setup/redis-program.mjs';
import { findK6Container, type K6Container, k6ContainerCommand } from '../stack/docker/k6-container.ts';
import type { Environment } from '../stack/programs.ts';

export interface K6Program {
  /** Of the program on this machine, or what is run instead, as reports name it. */
  readonly path: string;
  readonly version: string;
  /** Absent for a program of this machine. */
  readonly container?: K6Container;
}

/** The name of the built-in runtime, where one of several can be named. */
const builtIn = 'built-in';
/** The name of the one in a container. */
const inContainer = 'docker';
/** The first major version that runs TypeScript. */
const oldestMajor = 1;
const probeTimeoutMs = 10_000;
/** An engine may take seconds to make one. */
const containerProbeTimeoutMs = 60_000;

/**
 * What was named by `--k6`, else by `REDCLIFF_K6`, else a k6 on PATH that is new enough. Throws `MissingPartError` when what was
 * named is none.
 */
export async function chooseK6(
  given: string | undefined,
  environment: Environment,
): Promise<K6Program | null> {
  if (given !== undefined) return await namedK6('--k6', given, environment);
  const named = environment['REDCLIFF_K6'] ?? '';
  if (named !== '') return await namedK6('REDCLIFF_K6', named, environment);
  const found = onPath('k6', environment['PATH'] ?? '');
  // A k6 on PATH that was not named is skipped when it cannot be used.
  return found === undefined ? null : await probeK6('PATH', found).catch(() => null);
}

async function namedK6(field: string, name: string, environment: Environment): Promise<K6Program | null> {
  if (name === builtIn) return null;
  if (name !== inContainer) return await probeK6(field, name);
  const container = await findK6Container(environment, systemClock);
  const { command, args } = k6ContainerCommand(container, ['version'], []);
  const version = await versionOf(field, container.image, command, args, containerProbeTimeoutMs);
  return { path: `${container.image} in a container`, version, container };
}

async function probeK6(field: string, path: string): Promise<K6Program> {
  return { path, version: await versionOf(field, path, path, ['version'], probeTimeoutMs) };
}

async function versionOf(
  field: string,
  name: string,
  command: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { timeout: timeoutMs });
    const version = /k6(?:\.exe)? v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
    if (version === undefined) throw new Error(`"${name} version" printed no version of k6`);
    if (Number.parseInt(version, 10) < oldestMajor) throw new Error(`it is ${version}, which is too old`);
    return version;
  } catch (error) {
    throw new MissingPartError(
      `${field} "${name}" is not a k6 that can be run: ${error instanceof Error ? error.message : String(error)}`,
      `give the path of k6 1.0 or later, ${inContainer} for the one in a container, or ${builtIn} for the built-in runtime`,
      { cause: error },
    );
  }
}
