/** Finds the commands on some keys in a trace that may be too large to be kept as objects. */
import { open } from 'node:fs/promises';
import { traceHeadSchema, tracedCommandSchema } from '../../reports/trace/trace.ts';
import type { LockCommand } from '../../reports/record/evidence.ts';
import { keyMatcher } from './key-patterns.ts';

const readsOnly: ReadonlySet<string> = new Set(['EXISTS', 'GET', 'MGET', 'PTTL', 'SCAN', 'TTL', 'TYPE']);

/** Commands that may have changed such a key, in the order in which the replies came. Throws when a line is no command. */
export async function commandsOnKeys(file: string, patterns: readonly string[]): Promise<LockCommand[]> {
  if (patterns.length === 0) return [];
  const matches = keyMatcher(patterns);
  const found: LockCommand[] = [];
  let proxies: Readonly<Record<string, { readonly process: string | null }>> | undefined;
  await using lines = await open(file);
  for await (const line of lines.readLines({ encoding: 'utf8' })) {
    if (proxies === undefined) {
      ({ proxies } = traceHeadSchema.parse(JSON.parse(line)));
      continue;
    }
    if (!line.includes('"protocol":"redis"')) continue;
    const { proxy, command, arguments: given = [], ...traced } = tracedCommandSchema.parse(JSON.parse(line));
    if (readsOnly.has(command.toUpperCase()) || !given.some(matches)) continue;
    const { reply, startedMs, endedMs } = traced;
    found.push({
      process: proxies[proxy]?.process ?? proxy,
      command: command.toUpperCase(),
      arguments: given,
      reply: reply ?? null,
      startedMs,
      endedMs,
    });
  }
  return found.toSorted(
    (left, right) => (left.endedMs ?? left.startedMs) - (right.endedMs ?? right.startedMs),
  );
}
