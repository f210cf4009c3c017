/** Chooses, for each part of a local stack, the real program or the embedded one. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRedisProgram, onPath } from '../setup/redis-program.mjs';
import { cacheFolder, fromSource, ownModule } from '../setup/own-files.mjs';

/** `environment` is added to that of the process. */
export interface Program {
  readonly kind: 'real' | 'embedded';
  readonly command: string;
  /** Come before all other arguments. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Description: what it is, and why it was chosen. */
  readonly label: string;
  readonly source: string;
  /** Where it had to be asked for anyway. */
  readonly version?: string;
  /** It is still to be fetched, when a stack starts; `command` is only its name until then. */
  readonly toBeFetched?: true;
}

export type ProgramChoice =
  | { readonly found: true; readonly program: Program }
  | { readonly found: false; readonly reason: string; readonly remedy: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/** There is no embedded Redis: the real one is small. */
export function chooseRedis(environment: Environment): ProgramChoice {
  const redis = findRedisProgram({ cacheFolder, environment });
  if (!redis.found) {
    const remedy =
      redis.field === undefined
        ? `${fromSource ? 'run npm run setup, or ' : ''}install one (Debian, Ubuntu: apt-get install redis-server; Fedora: dnf install valkey; macOS: brew install redis), or name one with --redis PATH`
        : `set ${redis.field} to the path of a redis-server, or unset it`;
    return { found: false, reason: redis.reason, remedy };
  }
  const label = path.basename(redis.program);
  const { program: command, environment: added, source, version } = redis;
  return {
    found: true,
    program: { kind: 'real', command, args: [], environment: added, label, source, version },
  };
}

/** `REDCLIFF_MONGO`: `embedded`, `fetch`, or the path of a mongod. */
export function chooseMongo(environment: Environment): ProgramChoice {
  if (environment['REDCLIFF_MONGO'] === 'fetch') {
    return { found: true, program: { ...realProgram('mongod', 'REDCLIFF_MONGO=fetch'), toBeFetched: true } };
  }
  return choose({
    environment,
    variable: 'REDCLIFF_MONGO',
    real: 'mongod',
    embedded: 'mongodb',
    label: 'redcliff mongod',
  });
}

/** `REDCLIFF_TOXIPROXY`: `embedded`, or the path of a toxiproxy-server. */
export function chooseToxiproxy(environment: Environment): ProgramChoice {
  return choose({
    environment,
    variable: 'REDCLIFF_TOXIPROXY',
    real: 'toxiproxy-server',
    embedded: 'toxiproxy',
    label: 'redcliff toxiproxy',
  });
}

interface ChoiceOptions {
  readonly environment: Environment;
  readonly variable: string;
  /** Name of the real program. */
  readonly real: string;
  /** Folder of the embedded one. */
  readonly embedded: string;
  readonly label: string;
}

function choose({ environment, variable, real, embedded, label }: ChoiceOptions): ProgramChoice {
  const wanted = environment[variable] ?? '';
  if (wanted !== '' && wanted !== 'embedded') {
    if (isExecutable(wanted)) return { found: true, program: realProgram(wanted, variable) };
    return {
      found: false,
      reason: `${variable}=${wanted} is not a program that can be run`,
      remedy: `set ${variable} to embedded or to the path of a ${real}, or unset it`,
    };
  }
  const onThisPath = wanted === '' ? onPath(real, environment['PATH'] ?? '') : undefined;
  if (onThisPath !== undefined) return { found: true, program: realProgram(onThisPath, 'PATH') };
  const source = wanted === 'embedded' ? variable : `no ${real} on PATH`;
  const entry = fileURLToPath(ownModule(`../emulators/${embedded}/main`, import.meta.url));
  return {
    found: true,
    program: { kind: 'embedded', command: process.execPath, args: [entry], environment: {}, label, source },
  };
}

function realProgram(command: string, source: string): Program {
  return { kind: 'real', command, args: [], environment: {}, label: path.basename(command), source };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
