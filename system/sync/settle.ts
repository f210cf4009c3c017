/**
 * Tells Redis what became of saves. Only what the database has acknowledged is ever stored as a value, so every
 * read of the cache returns something durable.
 */
import type { Redis } from 'ioredis';
import { syncKeys } from '../cache/keys.ts';
import { runAll, Script, type ScriptCall } from '../redis/script.ts';
import { encodeDocument, entityKeysOf, isQueueable } from './queue-entry.ts';
import type { Carrier, Judged } from './verdict.ts';

const settleScript = Script.fromFile(new URL('settle.lua', import.meta.url));

/** `entryId`: undefined when the write is not known to be in the queue. */
export type Settlement = Judged<Carrier & { readonly entryId: string | undefined }>;

/** Throws when the connection fails; then it is safe to repeat. */
export async function settle(
  client: Redis,
  settlements: readonly Settlement[],
  ttlMs: () => number,
): Promise<void> {
  const calls = settlements.map((settlement) => settleCall(settlement, ttlMs()));
  const answers = await runAll(client, calls);
  const failure = answers.find((answer) => answer instanceof Error);
  if (failure instanceof Error) throw failure;
}

function settleCall({ write, verdict, entryId }: Settlement, ttlMs: number): ScriptCall {
  const keys = entityKeysOf(write);
  return {
    script: settleScript,
    keys: [syncKeys.stream, ...keys, ...write.lists],
    arguments: [
      syncKeys.group,
      entryId ?? '',
      keys.length,
      // What has fields of a newer release is not stored, but what it replaced must not stay.
      verdict === 'applied' && isQueueable(write) ? 'applied' : 'refused',
      encodeDocument(write),
      write.document.version,
      ttlMs,
      write.document.write_id,
      write.base.version,
    ],
  };
}
