/** Stands in for `system/sync/settle.ts`: versions are compared as text, so 9 is newer than 10. */
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { syncKeys } from '../../system/cache/keys.ts';
import { runAll, Script } from '../../system/redis/script.ts';
import { encodeDocument, entityKeysOf } from '../../system/sync/queue-entry.ts';
import type { Settlement } from '../../system/sync/settle.ts';

export type { Settlement } from '../../system/sync/settle.ts';

const right = readFileSync(new URL('../../system/sync/settle.lua', import.meta.url), 'utf8');
const settleScript = new Script(
  'settle.lua',
  right.replaceAll('stored < version', 'tostring(stored) < ARGV[6]'),
);

export async function settle(
  client: Redis,
  settlements: readonly Settlement[],
  ttlMs: () => number,
): Promise<void> {
  const calls = settlements.map(({ write, verdict, entryId }) => {
    const keys = entityKeysOf(write);
    return {
      script: settleScript,
      keys: [syncKeys.stream, ...keys, ...write.lists],
      arguments: [
        syncKeys.group,
        entryId ?? '',
        keys.length,
        verdict === 'applied' ? 'applied' : 'refused',
        encodeDocument(write),
        write.document.version,
        ttlMs(),
        write.document.write_id,
        write.base.version,
      ],
    };
  });
  const failure = (await runAll(client, calls)).find((answer) => answer instanceof Error);
  if (failure instanceof Error) throw failure;
}
