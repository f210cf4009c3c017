/** Strings as numbers. */
import { CommandError, messages, plainError } from '../../errors.ts';
import { fitsInt64, int64Min, parseInt64 } from '../../numbers/integers.ts';
import { addLongDoubles, formatLongDouble, parseLongDouble } from '../../numbers/long-double.ts';
import type { Reply } from '../../reply/reply.ts';
import { plainEncodingOf, StringValue } from '../../values/string-value.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';

function add(context: Context, increment: bigint): Reply {
  const key = context.word(1);
  const value = context.write('string', key);
  const old = value === undefined ? 0n : parseInt64(value.bytes);
  if (old === undefined) throw new CommandError(messages.notInteger);
  const sum = old + increment;
  if (!fitsInt64(sum)) throw plainError('increment or decrement would overflow');
  const made = new StringValue(String(sum));
  const { keyspace } = context.server;
  if (value === undefined) keyspace.add(context.database, key, made);
  else keyspace.overwrite(context.database, key, made);
  context.changed(key);
  context.notify('string', 'incrby', key);
  return sum;
}

function addFloat(context: Context): Reply {
  const key = context.word(1);
  const value = context.write('string', key);
  const old = parseLongDouble(value?.bytes ?? '0');
  const increment = old === undefined ? undefined : parseLongDouble(context.word(2));
  if (old === undefined || increment === undefined) throw new CommandError(messages.notFloat);
  const sum = addLongDoubles(old, increment);
  if (sum === undefined) throw plainError('increment would produce NaN or Infinity');
  const bytes = formatLongDouble(sum);
  const made = new StringValue(bytes, plainEncodingOf(bytes));
  const { keyspace } = context.server;
  if (value === undefined) keyspace.add(context.database, key, made);
  else keyspace.overwrite(context.database, key, made);
  context.changed(key);
  context.notify('string', 'incrbyfloat', key);
  // Another machine may add differently.
  context.propagated = [['SET', key, bytes, 'KEEPTTL']];
  return bytes;
}

export const counters: Runs = {
  decr: (context) => add(context, -1n),
  decrby: (context) => {
    const decrement = context.int64(2);
    if (decrement === int64Min) throw plainError('decrement would overflow');
    return add(context, -decrement);
  },
  incr: (context) => add(context, 1n),
  incrby: (context) => add(context, context.int64(2)),
  incrbyfloat: addFloat,
};
