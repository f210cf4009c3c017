/** The addresses of an external stack, checked before any connection is made. */
import { UsageError } from '../../errors.ts';
import type { StackPart } from '../contract.ts';
import { parseAllowed } from './allowed.ts';
import { type MongoAddress, parseMongoAddress } from './mongo-address.ts';
import { parseRedisAddress, type RedisAddress } from './redis-address.ts';
import { withoutSecrets } from './secrets.ts';

export interface ExternalAddresses {
  readonly redis: RedisAddress;
  readonly mongo: MongoAddress;
  readonly toxiproxy: URL;
  /** Proxies of that Toxiproxy that are there already; without a name the harness makes its own. */
  readonly proxies: { readonly redis: string | undefined; readonly mongo: string | undefined };
  /** Redis may hold keys of others, which are left alone. */
  readonly besideForeignKeys: boolean;
  readonly allowed: ReturnType<typeof parseAllowed>;
}

/** As the user wrote them. */
export interface GivenAddresses {
  readonly redis?: string | undefined;
  readonly mongo?: string | undefined;
  readonly toxiproxy?: string | undefined;
  readonly redisProxy?: string | undefined;
  readonly mongoProxy?: string | undefined;
  readonly besideForeignKeys?: boolean | undefined;
  readonly allow?: string | undefined;
}

const fields: Readonly<Record<StackPart, { flag: string; variable: string; example: string }>> = {
  redis: { flag: '--redis-uri', variable: 'REDCLIFF_REDIS_URI', example: 'redis://127.0.0.1:6379/5' },
  mongo: {
    flag: '--mongo-uri',
    variable: 'REDCLIFF_MONGO_URI',
    example: 'mongodb://127.0.0.1:27017/?replicaSet=rs0',
  },
  toxiproxy: {
    flag: '--toxiproxy-uri',
    variable: 'REDCLIFF_TOXIPROXY_URI',
    example: 'http://127.0.0.1:8474',
  },
};

/** Throws `UsageError`, naming the flag. */
export function parseExternalAddresses(given: GivenAddresses): ExternalAddresses {
  return {
    redis: parseRedisAddress(required('redis', given), remedyFor('redis')),
    mongo: parseMongoAddress(required('mongo', given), remedyFor('mongo')),
    toxiproxy: parseToxiproxyAddress(required('toxiproxy', given)),
    proxies: { redis: given.redisProxy, mongo: given.mongoProxy },
    besideForeignKeys: given.besideForeignKeys === true,
    allowed: parseAllowed(given.allow),
  };
}

export function flagOf(part: StackPart): string {
  return fields[part].flag;
}

function remedyFor(part: StackPart): string {
  const { flag, variable, example } = fields[part];
  return `give one address, such as ${flag} ${example}, or set ${variable}`;
}

function required(part: StackPart, given: GivenAddresses): string {
  const text = given[part];
  if (text !== undefined && text !== '') return text;
  throw new UsageError(`${flagOf(part)} is missing: an external stack needs it`, remedyFor(part));
}

function parseToxiproxyAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== '') return url;
  throw new UsageError(
    `--toxiproxy-uri "${withoutSecrets(text)}" is not an http: or https: address`,
    remedyFor('toxiproxy'),
  );
}

/** `host:port`, with the protocol's own port where none is named. */
export function hostAndPort(url: URL): string {
  const standard =
    { 'redis:': '6379', 'rediss:': '6379', 'mongodb:': '27017', 'http:': '80', 'https:': '443' }[
      url.protocol
    ] ?? '';
  return `${url.hostname}:${url.port === '' ? standard : url.port}`;
}

/** The same address, but at another place. */
export function movedTo(url: URL, host: string, port: number): URL {
  const moved = new URL(url);
  moved.host = `${host}:${port}`;
  return moved;
}
