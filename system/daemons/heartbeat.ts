/** Signs of life of the daemons in Redis, for the health route and the operator's tools. */
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { heartbeatsKey } from '../cache/keys.ts';
import type { Clock } from '../clock.ts';

export interface DaemonLife {
  readonly name: string;
  readonly instance: string;
  /** Since its last heartbeat. */
  readonly ageMs: number;
}

const forgottenAfterMs = 3_600_000;

export async function beat(client: Redis, clock: Clock, name: string, instance: string): Promise<void> {
  const nowMs = clock.nowMs();
  await client
    .pipeline()
    .zadd(heartbeatsKey, nowMs, `${name}/${instance}`)
    .zremrangebyscore(heartbeatsKey, 0, nowMs - forgottenAfterMs)
    .exec();
}

/** A daemon that stopped cleanly is not missed. */
export async function signOff(client: Redis, name: string, instance: string): Promise<void> {
  await client.zrem(heartbeatsKey, `${name}/${instance}`);
}

export async function listDaemons(client: Redis, clock: Clock): Promise<readonly DaemonLife[]> {
  const answer = z
    .array(z.coerce.string())
    .parse(await client.zrangebyscore(heartbeatsKey, '-inf', '+inf', 'WITHSCORES'));
  const daemons: DaemonLife[] = [];
  for (let index = 0; index + 1 < answer.length; index += 2) {
    const [name = '', instance = ''] = (answer[index] ?? '').split('/');
    daemons.push({ name, instance, ageMs: Math.max(0, clock.nowMs() - Number(answer[index + 1])) });
  }
  return daemons;
}
