/** The flags that say on which stack a command works, the same for all of them. */
import type { Command } from 'commander';
import type { GivenAddresses } from '../stack/external/addresses.ts';
import type { SelectOptions } from '../stack/select-provider.ts';

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

export function addStackOptions(command: Command): Command {
  return command
    .option('--stack <provider>', 'auto, docker, external or local', 'auto')
    .option('--redis-uri <uri>', 'Redis of the external stack (or REDCLIFF_REDIS_URI, also in .env)')
    .option('--mongo-uri <uri>', 'MongoDB of the external stack (or REDCLIFF_MONGO_URI)')
    .option('--toxiproxy-uri <uri>', 'Toxiproxy API of the external stack (or REDCLIFF_TOXIPROXY_URI)')
    .option('--redis-proxy <name>', 'proxy of that Toxiproxy before Redis, instead of a new one')
    .option('--mongo-proxy <name>', 'proxy of that Toxiproxy before MongoDB, instead of a new one')
    .option('--beside-foreign-keys', 'work in a Redis database that holds keys of others, left alone')
    .option(
      '--allow <names>',
      'what may be done to servers of the external stack: mongo-step-down,redis-configure (or REDCLIFF_ALLOW)',
    )
    .option('--mongo-members <number>', 'of the replica set of the docker stack: 1 or 3')
    .option('--redis <path>', 'redis-server or valkey-server of the local stack (or REDCLIFF_REDIS)')
    .option(
      '--mongo <program>',
      'of the local stack: embedded, fetch, or the path of a mongod (or REDCLIFF_MONGO)',
    )
    .option(
      '--toxiproxy <program>',
      'of the local stack: embedded, or the path of a toxiproxy-server (or REDCLIFF_TOXIPROXY)',
    );
}

/** All that the flags say about the choice of a stack. */
export function stackChoiceOf(
  flags: StackFlags,
): Pick<SelectOptions, 'stack' | 'external' | 'mongoMembers' | 'programs'> {
  const { stack, mongoMembers, redis, mongo, toxiproxy } = flags;
  return { stack, external: externalAddressesOf(flags), mongoMembers, programs: { redis, mongo, toxiproxy } };
}

function externalAddressesOf(flags: StackFlags): GivenAddresses {
  return {
    redis: flags.redisUri,
    mongo: flags.mongoUri,
    toxiproxy: flags.toxiproxyUri,
    redisProxy: flags.redisProxy,
    mongoProxy: flags.mongoProxy,
    besideForeignKeys: flags.besideForeignKeys,
    allow: flags.allow,
  };
}
