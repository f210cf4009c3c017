/** Parts of strings. */
import { plainError } from '../../errors.ts';
import type { Reply } from '../../reply/reply.ts';
import { StringValue } from '../../values/string-value.ts';
import type { Context } from '../context.ts';
import type { Runs } from '../family.ts';

/** Refuses what would be longer than a bulk string may be. */
export function checkStringLength(context: Context, length: number): void {
  if (length > context.server.configuration.number('proto-max-bulk-len') && !context.client.isReplay) {
    throw plainError('string exceeds maximum allowed size (proto-max-bulk-len)');
  }
}

function append(context: Context): Reply {
  const key = context.word(1);
  const added = context.word(2);
  const value = context.write('string', key);
  let length = added.length;
  if (value === undefined) {
    context.server.keyspace.add(context.database, key, new StringValue(added));
  } else {
    length += value.length;
    checkStringLength(context, length);
    value.append(added);
  }
  context.changed(key);
  context.notify('string', 'append', key);
  return length;
}

function getrange(context: Context): Reply {
  const start = context.integer(2);
  const end = context.integer(3);
  const value = context.read('string', context.word(1));
  if (value === undefined || (start < 0 && end < 0 && start > end)) return '';
  const { bytes, length } = value;
  const from = Math.max(0, start < 0 ? start + length : start);
  const to = Math.min(length - 1, Math.max(0, end < 0 ? end + length : end));
  return from > to || length === 0 ? '' : bytes.slice(from, to + 1);
}

function setrange(context: Context): Reply {
  const offset = context.integer(2);
  if (offset < 0) throw plainError('offset is out of range');
  const key = context.word(1);
  const added = context.word(3);
  const value = context.write('string', key);
  if (added === '') return value?.length ?? 0;
  checkStringLength(context, offset + added.length);
  const target = value ?? new StringValue('', 'raw');
  target.writable(offset + added.length).write(added, offset, 'latin1');
  if (value === undefined) context.server.keyspace.add(context.database, key, target);
  context.changed(key);
  context.notify('string', 'setrange', key);
  return target.length;
}

export const ranges: Runs = {
  append,
  getrange,
  setrange,
  strlen: (context) => context.read('string', context.word(1))?.length ?? 0,
  substr: getrange,
};
