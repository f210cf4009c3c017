/** Which key goes when memory is short, by `maxmemory-policy`: the best of a few that are drawn, as Redis approximates it. */
import type { Random } from '../../../random.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import type { Database, Entry } from './database.ts';
import { frequencyOf, type FrequencyRules } from './frequency.ts';

export interface EvictionRules extends FrequencyRules {
  readonly policy: string;
  readonly samples: number;
  readonly random: Random;
}

export interface Victim {
  readonly database: Database;
  readonly key: Bytes;
}

/** Undefined when no key may go. */
export function chooseVictim(databases: readonly Database[], rules: EvictionRules): Victim | undefined {
  const isVolatile = rules.policy.startsWith('volatile');
  let best: { victim: Victim; worth: number } | undefined;
  for (const database of databases) {
    for (const key of draw(database, isVolatile, rules)) {
      const entry = database.entry(key);
      if (entry === undefined) continue;
      const worth = worthOf(entry, rules);
      if (best === undefined || worth < best.worth) best = { victim: { database, key }, worth };
    }
  }
  return best?.victim;
}

/** The less, the sooner it goes. */
function worthOf(entry: Entry, rules: EvictionRules): number {
  if (rules.policy.endsWith('lru')) return entry.usedAtMs;
  if (rules.policy.endsWith('lfu')) return frequencyOf(entry, rules);
  if (rules.policy.endsWith('ttl')) return entry.expireAtMs ?? Infinity;
  return rules.random.next();
}

/** Keys that may go, drawn at random; all of them where they are few. */
function draw(database: Database, isVolatile: boolean, { samples, random }: EvictionRules): Bytes[] {
  const eligible = isVolatile ? database.volatileCount : database.size;
  if (eligible === 0) return [];
  const drawn: Bytes[] = [];
  if (eligible > samples && eligible * 10 >= database.size) {
    for (let tries = samples * 20; tries > 0 && drawn.length < samples; tries -= 1) {
      const key = database.randomKey(random);
      if (!isVolatile || database.entry(key)?.expireAtMs !== undefined) drawn.push(key);
    }
    if (drawn.length > 0) return drawn;
  }
  for (const [key, entry] of database.entries()) {
    if (!isVolatile || entry.expireAtMs !== undefined) drawn.push(key);
  }
  if (drawn.length <= samples) return drawn;
  return Array.from({ length: samples }, () => random.pick(drawn));
}
