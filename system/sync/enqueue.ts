/** The way of a save into the queue. */
import type { Redis } from 'ioredis';
import { syncKeys } from '../cache/keys.ts';
import { runAll, Script } from '../redis/script.ts';
import { encodeEntry, entityKeysOf } from './queue-entry.ts';
import type { Carrier } from './verdict.ts';

const enqueueScript = Script.fromFile(new URL('enqueue.lua', import.meta.url));

export type Enqueued =
  | { readonly kind: 'queued'; readonly entryId: string }
  /** The cache holds a newer version than the change was made from. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'full' }
  /** Redis answered with an error, e.g. because it is full or a replica. */
  | { readonly kind: 'refused' };

interface EnqueueOptions {
  readonly savedBy: string;
  readonly maxLength: number;
  /** Whether a saved value may be stored where nothing is cached; needs a lease for each. */
  readonly warm: boolean;
  readonly leaseMs: number;
}

/** Each write with what the queue answered. Throws when the connection fails: then any of them may have been queued. */
export async function enqueue<T extends Carrier>(
  client: Redis,
  carriers: readonly T[],
  options: EnqueueOptions,
): Promise<readonly (T & { readonly answer: Enqueued })[]> {
  const calls = carriers.map(({ write }) => {
    const { envelope, document } = encodeEntry(write, options.savedBy);
    const leaseMs = options.warm ? options.leaseMs : 0;
    return {
      script: enqueueScript,
      keys: [syncKeys.stream, ...entityKeysOf(write)],
      arguments: [
        options.maxLength,
        write.base.version,
        write.document.write_id,
        leaseMs,
        envelope,
        document,
      ],
    };
  });
  const answers = await runAll(client, calls);
  return carriers.map((carrier, index) => ({ ...carrier, answer: toEnqueued(answers[index]) }));
}

function toEnqueued(answer: unknown): Enqueued {
  if (answer === 'conflict' || answer === 'full') return { kind: answer };
  return typeof answer === 'string' ? { kind: 'queued', entryId: answer } : { kind: 'refused' };
}
