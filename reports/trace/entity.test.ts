/** Which commands touch what a witness names, and what they made of its value. */
import { describe, expect, it } from 'vitest';
import type { Operation } from '../history/operation.ts';
import { touching, valuesAround } from './entity.ts';
import { tracedCommandSchema, type TracedCommand } from './trace.ts';

function redis(...words: string[]): TracedCommand {
  const [command = '', ...rest] = words;
  return made({ protocol: 'redis', command, target: rest[0] ?? '', arguments: rest });
}

function mongo(command: string, body: unknown, reply: unknown = { ok: 1 }): TracedCommand {
  return made({ protocol: 'mongo', command, target: 'carts', body, reply });
}

function made(more: Record<string, unknown>): TracedCommand {
  const times = { startedMs: 1, endedMs: 2, streamOffset: 0, requestBytes: 1, replyBytes: 1 };
  return tracedCommandSchema.parse({ proxy: 'p', connection: 1, reply: 'OK', ...times, ...more });
}

const operation: Operation = {
  process: 1,
  f: 'pay',
  type: 'ok',
  value: { cart: 7, shop: 'north', status: 200 },
  intendedMs: 0,
  startedMs: 0,
  endedMs: 1,
};
const witness = { summary: 's', operations: [], facts: { found: { item: 'apple-9' } } };

describe('touching', () => {
  const touches = touching(witness, [operation]);

  it.each([
    [redis('GET', 'cart:7'), 1],
    [redis('GET', 'cart:70'), 0],
    [redis('GET', 'north:cart:7'), 2],
    [redis('GET', 'x:200'), 0],
    [mongo('find', { filter: { cart: 7, shop: 'north' } }), 2],
    [mongo('find', { filter: { cart: 8 } }), 0],
    [mongo('update', { updates: [{ q: { item: 'apple-9' } }] }), 1],
  ])('counts what %j mentions', (command, count) => {
    expect(touches(command)).toBe(count);
  });
});

describe('valuesAround', () => {
  it('follows a key of Redis', () => {
    const taken = made({
      protocol: 'redis',
      command: 'SET',
      target: 'k',
      arguments: ['k', 'c', 'NX'],
      reply: null,
    });
    expect(
      valuesAround([
        redis('GET', 'other'),
        redis('SET', 'k', 'a'),
        taken,
        redis('DEL', 'k'),
        redis('GET', 'k'),
      ]),
    ).toEqual([
      { before: null, after: 'OK' },
      { before: null, after: 'a' },
      { before: 'a', after: 'a' },
      { before: 'a', after: 'nothing' },
      { before: 'nothing', after: 'OK' },
    ]);
  });

  it('follows the documents of a filter of MongoDB', () => {
    const found = mongo('find', { filter: { no: 1 } }, { cursor: { firstBatch: [{ gold: 5 }] } });
    const failed = made({
      ...mongo('update', { updates: [{ q: { no: 1 }, u: {} }] }),
      error: 'WriteConflict',
    });
    const paid = mongo('update', { updates: [{ q: { no: 1 }, u: { $inc: { gold: -1 } } }] });
    expect(valuesAround([found, failed, paid, mongo('delete', { deletes: [{ q: { no: 2 } }] })])).toEqual([
      { before: null, after: '[{"gold":5}]' },
      { before: '[{"gold":5}]', after: '[{"gold":5}]' },
      { before: '[{"gold":5}]', after: 'changed by {"$inc":{"gold":-1}}' },
      { before: null, after: 'nothing' },
    ]);
  });
});
