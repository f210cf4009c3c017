/** Fields of hashes as numbers. */
import { CommandError, messages, plainError } from '../../errors.ts';
import { fitsInt64, parseInt64 } from '../../numbers/integers.ts';
import { addLongDoubles, formatLongDouble, parseLongDouble } from '../../numbers/long-double.ts';
import { HashValue } from '../../values/hash-value.ts';
import type { Runs } from '../family.ts';

export const counters: Runs = {
  hincrby: (context) => {
    const increment = context.int64(3);
    const key = context.word(1);
    const field = context.word(2);
    const hash = context.writeOrCreate('hash', key, () => new HashValue());
    const old = parseInt64(hash.get(field) ?? '0');
    if (old === undefined) throw plainError('hash value is not an integer');
    const sum = old + increment;
    if (!fitsInt64(sum)) throw plainError('increment or decrement would overflow');
    hash.set(field, String(sum), context.server.configuration.encodingLimits);
    context.changed(key);
    context.notify('hash', 'hincrby', key);
    return sum;
  },
  hincrbyfloat: (context) => {
    const increment = parseLongDouble(context.word(3));
    if (increment === undefined) throw new CommandError(messages.notFloat);
    if (increment.kind === 'infinite') throw plainError('value is NaN or Infinity');
    const key = context.word(1);
    const field = context.word(2);
    const hash = context.writeOrCreate('hash', key, () => new HashValue());
    const old = parseLongDouble(hash.get(field) ?? '0');
    if (old === undefined) throw plainError('hash value is not a float');
    const sum = addLongDoubles(old, increment);
    if (sum === undefined) throw plainError('increment would produce NaN or Infinity');
    const text = formatLongDouble(sum);
    hash.set(field, text, context.server.configuration.encodingLimits);
    context.changed(key);
    context.notify('hash', 'hincrbyfloat', key);
    // Another machine may add differently.
    context.propagated = [['HSET', key, field, text]];
    return text;
  },
};
