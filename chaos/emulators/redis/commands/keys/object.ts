/** OBJECT: how a key is kept, and how it was used. */
import { plainError } from '../../errors.ts';
import type { Entry } from '../../keyspace/database.ts';
import { frequencyOf } from '../../keyspace/frequency.ts';
import type { Reply } from '../../reply/reply.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';
import { helpText } from '../help.ts';

function withEntry(context: Context, tell: (entry: Entry) => Reply): Reply {
  const entry = context.server.keyspace.peek(context.database, context.word(2));
  if (entry === undefined) {
    context.server.keyspace.misses += 1;
    return null;
  }
  context.server.keyspace.hits += 1;
  return tell(entry);
}

const afterSwitch =
  'Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.';

export const object: Runs = {
  'object|encoding': (context) => withEntry(context, ({ value }) => value.encoding),
  'object|freq': (context) =>
    withEntry(context, (entry) => {
      if (!context.server.countsFrequency) {
        throw plainError(
          `An LFU maxmemory policy is not selected, access frequency not tracked. ${afterSwitch}`,
        );
      }
      return frequencyOf(entry, context.server);
    }),
  'object|help': () =>
    helpText('OBJECT', [
      ['ENCODING <key>', 'How the value is kept.'],
      ['FREQ <key>', 'How often the key is used, under an LFU policy.'],
      ['IDLETIME <key>', 'Seconds since the key was used last.'],
      ['REFCOUNT <key>', 'References to the value.'],
    ]),
  'object|idletime': (context) =>
    withEntry(context, ({ usedAtMs }) => {
      if (context.server.countsFrequency) {
        throw plainError(`An LFU maxmemory policy is selected, idle time not tracked. ${afterSwitch}`);
      }
      return Math.max(0, Math.floor(context.nowMs / 1000) - Math.floor(usedAtMs / 1000));
    }),
  'object|refcount': (context) =>
    withEntry(context, ({ value }) => {
      // Small integers are shared by all keys that hold them.
      const isShared =
        value.type === 'string' && value.encoding === 'int' && /^(?:0|[1-9]\d{0,3})$/.test(value.bytes);
      return isShared ? 2_147_483_647 : 1;
    }),
};
