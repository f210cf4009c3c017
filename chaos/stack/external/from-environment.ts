/**
 * Addresses of an external stack from the environment, and from a file `.env` in the folder where the command is given: a
 * password on a command line is visible to all users who can list processes, and stays in the shell history.
 */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { UsageError } from '../../errors.ts';
import type { Environment } from '../programs.ts';
import type { GivenAddresses } from './addresses.ts';

const variables = {
  redis: 'REDCLIFF_REDIS_URI',
  mongo: 'REDCLIFF_MONGO_URI',
  toxiproxy: 'REDCLIFF_TOXIPROXY_URI',
  redisProxy: 'REDCLIFF_REDIS_PROXY',
  mongoProxy: 'REDCLIFF_MONGO_PROXY',
  allow: 'REDCLIFF_ALLOW',
} as const;

/** What was given comes first, then the environment, then the file. Throws `UsageError` when there is one that cannot be read. */
export function withAddressesOf(
  environment: Environment,
  given: GivenAddresses,
  file = '.env',
): GivenAddresses {
  const written = readVariables(file);
  const valueOf = (key: keyof typeof variables): string | undefined => {
    const variable = variables[key];
    return given[key] ?? present(environment[variable]) ?? present(written[variable]);
  };
  return {
    redis: valueOf('redis'),
    mongo: valueOf('mongo'),
    toxiproxy: valueOf('toxiproxy'),
    redisProxy: valueOf('redisProxy'),
    mongoProxy: valueOf('mongoProxy'),
    allow: valueOf('allow'),
    besideForeignKeys: given.besideForeignKeys,
  };
}

function present(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function readVariables(file: string): Environment {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    const words = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} cannot be read: ${words}`, 'make it readable, or remove it');
  }
}
