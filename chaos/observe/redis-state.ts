/** What Redis reports of its clients other than the harness, and of the commands that they sent. */
import type { Redis } from 'ioredis';

/** Names of the harness's connections begin with this; they are not counted as clients. */
export const ownNamePrefix = 'redcliff-';

export interface RedisState {
  /** Connections other than the harness's own. */
  readonly clients: number;
  /** Commands executed since Redis started, without those that the harness itself sends. */
  readonly requests: number;
  /** Connections accepted since Redis started, the harness's included. */
  readonly connectionsAccepted: number;
  /** Errors answered since Redis started, by their first word, such as OOM. */
  readonly errors: ReadonlyMap<string, number>;
  readonly keys: number;
  /** Changes with every start of the server. */
  readonly runId: string;
}

/** Commands that the harness sends itself; they are not counted for the target. */
const administrative = new Set(
  'auth client command config dbsize dump echo exec flushall getrange hello info multi ping pttl quit replicaof restore scan select type'.split(
    ' ',
  ),
);

export async function readRedisState(redis: Redis): Promise<RedisState> {
  const [clients, information, keys] = await Promise.all([
    redis.client('LIST'),
    redis.info('all'),
    redis.dbsize(),
  ]);
  const others = String(clients)
    .split('\n')
    .filter((line) => line.includes('id=') && !line.includes(` name=${ownNamePrefix}`));
  const fields = parseInfo(information);
  return {
    clients: others.length,
    requests: sumOf(fields, 'cmdstat_', 'calls', (name) => !administrative.has(name.split('|')[0] ?? '')),
    connectionsAccepted: Number(fields.get('total_connections_received')),
    errors: new Map(
      [...fields]
        .filter(([name]) => name.startsWith('errorstat_'))
        .map(([name, value]) => [name.slice('errorstat_'.length), numberIn(value, 'count')]),
    ),
    keys,
    runId: fields.get('run_id') ?? '',
  };
}

function parseInfo(information: string): ReadonlyMap<string, string> {
  return new Map(
    information
      .split('\r\n')
      .filter((line) => line.includes(':'))
      .map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 1)];
      }),
  );
}

function sumOf(
  fields: ReadonlyMap<string, string>,
  prefix: string,
  key: string,
  included: (name: string) => boolean,
): number {
  let sum = 0;
  for (const [name, value] of fields) {
    if (name.startsWith(prefix) && included(name.slice(prefix.length))) sum += numberIn(value, key);
  }
  return sum;
}

/** Of `calls=3,usec=7` the number after `key=`. */
function numberIn(value: string, key: string): number {
  return Number(new RegExp(`(?:^|,)${key}=(\\d+)`).exec(value)?.[1] ?? 0);
}
