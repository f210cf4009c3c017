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

/** Programs that a command line names (`--redis`, `--mongo`, `--toxiproxy`); they come before those of the environment. */
export interface LocalPrograms {
  readonly redis?: string | undefined;
  readonly mongo?: string | undefined;
  readonly toxiproxy?: string | undefined;
}

/** There is no embedded Redis: the real one is small. */
export function chooseRedis(environment: Environment, { redis: flag }: LocalPrograms = {}): ProgramChoice {
  const given = flag === undefined ? environment : { ...environment, REDCLIFF_REDIS: flag };
  const redis = findRedisProgram({ cacheFolder, environment: given });
  if (!redis.found) {
    if (redis.field === undefined) {
      const remedy = `${fromSource ? 'run npm run setup, or ' : ''}install one (Debian, Ubuntu: apt-get install redis-server; Fedora: dnf install valkey; macOS: brew install redis), or name one with --redis PATH`;
      return { found: false, reason: redis.reason, remedy };
    }
    if (flag === undefined) {
      const remedy = `set ${redis.field} to the path of a redis-server, or unset it`;
      return { found: false, reason: redis.reason, remedy };
    }
    const reason = `--redis "${flag}" is not a redis-server that runs`;
    return { found: false, reason, remedy: 'give the path of a redis-server, or omit --redis' };
  }
  const label = path.basename(redis.program);
  const { program: command, environment: added, version } = redis;
  const source = flag === undefined ? redis.source : '--redis';
  return {
    found: true,
    program: { kind: 'real', command, args: [], environment: added, label, source, version },
  };
}

/** `--mongo` or `REDCLIFF_MONGO`: `embedded`, `fetch`, or the path of a mongod. */
export function chooseMongo(environment: Environment, { mongo: flag }: LocalPrograms = {}): ProgramChoice {
  if ((flag ?? environment['REDCLIFF_MONGO']) === 'fetch') {
    const source = flag === undefined ? 'REDCLIFF_MONGO=fetch' : '--mongo fetch';
    return { found: true, program: { ...realProgram('mongod', source), toBeFetched: true } };
  }
  return choose({
    environment,
    flag,
    part: 'mongo',
    real: 'mongod',
    embedded: 'mongodb',
    label: 'redcliff mongod',
  });
}

/** `--toxiproxy` or `REDCLIFF_TOXIPROXY`: `embedded`, or the path of a toxiproxy-server. */
export function chooseToxiproxy(
  environment: Environment,
  { toxiproxy: flag }: LocalPrograms = {},
): ProgramChoice {
  return choose({
    environment,
    flag,
    part: 'toxiproxy',
    real: 'toxiproxy-server',
    embedded: 'toxiproxy',
    label: 'redcliff toxiproxy',
  });
}

interface ChoiceOptions {
  readonly environment: Environment;
  readonly flag: string | undefined;
  /** As in `--mongo` and `REDCLIFF_MONGO`. */
  readonly part: 'mongo' | 'toxiproxy';
  /** Name of the real program. */
  readonly real: string;
  /** Folder of the embedded one. */
  readonly embedded: string;
  readonly label: string;
}

function choose({ environment, flag, part, real, embedded, label }: ChoiceOptions): ProgramChoice {
  const variable = `REDCLIFF_${part.toUpperCase()}`;
  const wanted = flag ?? environment[variable] ?? '';
  const named = flag === undefined ? variable : `--${part}`;
  if (wanted !== '' && wanted !== 'embedded') {
    if (isExecutable(wanted)) return { found: true, program: realProgram(wanted, named) };
    return flag === undefined
      ? {
          found: false,
          reason: `${named}=${wanted} is not a program that can be run`,
          remedy: `set ${named} to embedded or to the path of a ${real}, or unset it`,
        }
      : {
          found: false,
          reason: `${named} "${wanted}" is not a program that can be run`,
          remedy: `give embedded or the path of a ${real}, or omit ${named}`,
        };
  }
  const onThisPath = wanted === '' ? onPath(real, environment['PATH'] ?? '') : undefined;
  if (onThisPath !== undefined) return { found: true, program: realProgram(onThisPath, 'PATH') };
  const source = wanted === 'embedded' ? named : `no ${real} on PATH`;
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
