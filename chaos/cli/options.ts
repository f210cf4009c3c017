/** Options that several commands share, and how their values are read. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../errors.ts';
import type { GivenAddresses } from '../stack/external/addresses.ts';
import type { SelectOptions } from '../stack/select-provider.ts';

export interface WholeNumberRange {
  /** 1 unless given. */
  readonly least?: number;
  /** None unless given. */
  readonly most?: number;
  /** One that makes sense for this option. */
  readonly example: number;
}

/** Throws a UsageError that names `field` and what it may be. */
export function parseWholeNumber(field: string, text: string, range: WholeNumberRange): number {
  const { least = 1, most = Number.MAX_SAFE_INTEGER, example } = range;
  const value = /^(?:0|[1-9]\d*)$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const which = range.most === undefined ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new UsageError(
    `${field} "${text}" is not a whole number ${which}`,
    `for example ${field} ${example}`,
  );
}

/** The same as a parser of Commander. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most))
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return value;
  };
}

/** `--workers`; undefined when it was not given. Throws UsageError. */
export function parseWorkers(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseWholeNumber('--workers', text, { most: 99, example: 2 });
}

/** `--seed`. Throws UsageError. */
export function checkSeed(seed: string): string {
  if (seed.trim() !== '' && seed.length <= 100) return seed;
  throw new UsageError('--seed must be a text of 1 to 100 characters', 'for example --seed 42');
}

export interface TargetFlags {
  readonly config?: string;
  readonly target?: string;
}

export function addTargetOptions(command: Command): Command {
  const group = 'Target options:';
  return command
    .addOption(
      new Option(
        '--config <file>',
        'the configuration (default: redcliff.config.ts, here or above)',
      ).helpGroup(group),
    )
    .addOption(
      new Option('--target <name>', 'which target, when the configuration has several').helpGroup(group),
    );
}

export interface StackFlags {
  readonly stack: string;
  readonly redisUri?: string;
  readonly mongoUri?: string;
  readonly toxiproxyUri?: string;
  readonly redisProxy?: string;
  readonly mongoProxy?: string;
  readonly besideForeignKeys?: boolean;
  readonly allow?: string;
  readonly mongoMembers?: string;
  readonly redis?: string;
  readonly mongo?: string;
  readonly toxiproxy?: string;
}

const stackOptions: readonly (readonly [flags: string, description: string, standard?: string])[] = [
  ['--stack <provider>', 'auto, docker, external or local', 'auto'],
  ['--redis <path>', 'local stack: redis-server or valkey-server (or REDCLIFF_REDIS)'],
  ['--mongo <program>', 'local stack: embedded, fetch, or the path of a mongod (or REDCLIFF_MONGO)'],
  [
    '--toxiproxy <program>',
    'local stack: embedded, or the path of a toxiproxy-server (or REDCLIFF_TOXIPROXY)',
  ],
  ['--mongo-members <number>', 'docker stack: members of the replica set, 1 or 3'],
  ['--redis-uri <uri>', 'external stack: Redis (or REDCLIFF_REDIS_URI, also in .env)'],
  ['--mongo-uri <uri>', 'external stack: MongoDB (or REDCLIFF_MONGO_URI)'],
  ['--toxiproxy-uri <uri>', 'external stack: API of Toxiproxy (or REDCLIFF_TOXIPROXY_URI)'],
  ['--redis-proxy <name>', 'external stack: proxy of that Toxiproxy for Redis, instead of a new one'],
  ['--mongo-proxy <name>', 'external stack: proxy of that Toxiproxy for MongoDB, instead of a new one'],
  [
    '--beside-foreign-keys',
    'external stack: use a Redis database that also holds other keys, and never touch those',
  ],
  [
    '--allow <names>',
    'external stack: permitted changes to its servers: mongo-step-down,redis-configure (or REDCLIFF_ALLOW)',
  ],
];

export function addStackOptions(command: Command): Command {
  for (const [flags, description, standard] of stackOptions) {
    const option = new Option(flags, description).helpGroup('Stack options:');
    command.addOption(standard === undefined ? option : option.default(standard));
  }
  return command;
}

/** The options that select a stack. */
export function stackChoiceOf(
  flags: StackFlags,
): Pick<SelectOptions, 'external' | 'mongoMembers' | 'programs' | 'stack'> {
  const { stack, mongoMembers, redis, mongo, toxiproxy } = flags;
  const external: GivenAddresses = {
    redis: flags.redisUri,
    mongo: flags.mongoUri,
    toxiproxy: flags.toxiproxyUri,
    redisProxy: flags.redisProxy,
    mongoProxy: flags.mongoProxy,
    besideForeignKeys: flags.besideForeignKeys,
    allow: flags.allow,
  };
  return { stack, external, mongoMembers, programs: { redis, mongo, toxiproxy } };
}

export const k6Option = [
  '--k6 <path>',
  'a k6 program, docker, or built-in (or REDCLIFF_K6; default: k6 on PATH, else built-in)',
] as const;

export const outOption = [
  '--out <folder>',
  'where the folder of the run is created',
  'reports/runs',
] as const;
