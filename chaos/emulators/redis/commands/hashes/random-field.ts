/** HRANDFIELD. */
import { plainError, syntaxError } from '../../errors.ts';
import type { Reply } from '../../reply/reply.ts';
import type { Context } from '../context.ts';
import { drawMembers } from '../random-choice.ts';

const countMax = 2 ** 63;

export function hrandfield(context: Context): Reply {
  const { server, words } = context;
  if (words.length === 2) return context.read('hash', context.word(1))?.random(server.random) ?? null;
  const count = context.integer(2);
  if (count <= -countMax) {
    throw plainError(
      'value is out of range, value must between -9223372036854775807 and 9223372036854775807',
    );
  }
  if (words.length > 4 || (words.length === 4 && context.option(3) !== 'withvalues')) throw syntaxError();
  const withValues = words.length === 4;
  if (withValues && Math.abs(count) > countMax / 2) throw plainError('value is out of range');
  const hash = context.read('hash', context.word(1));
  if (hash === undefined || count === 0) return [];
  const drawn = drawMembers(hash, count, () => [...hash.fields()], server.random);
  if (!withValues) return drawn;
  const pairs = drawn.map((field) => [field, hash.get(field) ?? '']);
  return context.client.protocol === 3 ? pairs : pairs.flat();
}
