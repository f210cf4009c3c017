/**
 * The address of an external Redis: one server, or the sentinels that know which one is the master. A Redis
 * Cluster is refused by name, since its redirections would lead the target past the proxy.
 */
import { UsageError } from '../../errors.ts';
import { withoutSecrets } from './secrets.ts';

export interface SentinelPlace {
  readonly host: string;
  readonly port: number;
}

export type RedisAddress =
  | { readonly kind: 'server'; readonly text: string; readonly url: URL }
  | {
      readonly kind: 'sentinel';
      readonly text: string;
      readonly sentinels: readonly SentinelPlace[];
      readonly master: string;
      /** With the credentials and the database of the master, whose place is not known yet. */
      readonly template: URL;
    };

const flag = '--redis-uri';
const sentinelPort = 26_379;
const sentinelForm = /^(rediss?)\+sentinel:\/\/(?:([^@/]*)@)?([^/@]+)\/([^/]+)(?:\/(\d+))?$/;

/** Throws `UsageError`. */
export function parseRedisAddress(text: string, remedy: string): RedisAddress {
  const shown = withoutSecrets(text);
  const refuse = (why: string, what = remedy) => new UsageError(`${flag} "${shown}" ${why}`, what);
  if (text.startsWith('redis+cluster:') || /^rediss?:\/\/[^/]*,/.test(text)) {
    throw refuse(
      'is a Redis Cluster, whose redirections lead past Toxiproxy: it is not supported',
      'give one server, or redis+sentinel://host:26379/master',
    );
  }
  if (text.includes('+sentinel:')) return parseSentinels(text, refuse);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '')
    throw refuse('is not a redis:, rediss: or redis+sentinel: address');
  if (!/^\/?\d*$/.test(url.pathname)) throw refuse('names no database number behind the host');
  if (url.searchParams.has('keyPrefix')) {
    throw refuse(
      'has a keyPrefix, which the harness’s own reads would not see',
      'omit it, and name an empty database number to keep the harness apart from other users',
    );
  }
  return { kind: 'server', text, url };
}

function parseSentinels(text: string, refuse: (why: string, remedy?: string) => UsageError): RedisAddress {
  const parsed = sentinelForm.exec(text);
  const [, scheme = '', user, hosts = '', master = '', database] = parsed ?? [];
  const sentinels = hosts.split(',').map(sentinelPlace);
  if (parsed === null || sentinels.some((place) => place === undefined)) {
    throw refuse(
      'does not name sentinels and a master',
      'write redis+sentinel://[user:password@]host:26379[,host:26379]/master[/database]',
    );
  }
  const template = new URL(
    `${scheme}://${user === undefined ? '' : `${user}@`}unknown:6379/${database ?? ''}`,
  );
  return {
    kind: 'sentinel',
    text,
    sentinels: sentinels.filter((place) => place !== undefined),
    master,
    template,
  };
}

function sentinelPlace(text: string): SentinelPlace | undefined {
  const [, host, port] = /^([^:]+|\[[^\]]+\])(?::(\d+))?$/.exec(text) ?? [];
  return host === undefined ? undefined : { host, port: port === undefined ? sentinelPort : Number(port) };
}
