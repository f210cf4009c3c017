import { describe, expect, it } from 'vitest';
import { SystemError } from '../errors.ts';
import { isOutage } from './outage.ts';

const named = (name: string) => Object.assign(new Error('x'), { name });
const coded = (code: number) => Object.assign(new Error('x'), { name: 'MongoServerError', code });

describe('isOutage', () => {
  it.each([
    ['a lost connection', named('MongoNetworkError')],
    ['a silent connection', named('MongoNetworkTimeoutError')],
    ['no server', named('MongoServerSelectionError')],
    ['a pool without a free connection', named('MongoWaitQueueTimeoutError')],
    ['a client that was not connected yet', named('MongoNotConnectedError')],
    ["no server, in Mongoose's words", named('MongooseServerSelectionError')],
    ['a cursor that is gone', coded(43)],
    ['a majority that cannot be written to', coded(100)],
    ['a transaction that is gone', coded(251)],
    ['a server that is no longer primary', coded(10_107)],
    [
      'a batch that lost its connection',
      Object.assign(named('MongoBulkWriteError'), { errorResponse: named('MongoNetworkError') }),
    ],
    ['a save with an unknown outcome', new SystemError('outcome_unknown', 'x')],
  ])('is %s', (_what, error) => {
    expect(isOutage(error)).toBe(true);
  });

  it.each([
    ['a duplicate key', coded(11_000)],
    [
      'a batch with a duplicate key',
      Object.assign(named('MongoBulkWriteError'), { errorResponse: { code: 11_000 } }),
    ],
    ['a query that is wrong', coded(2)],
    ['a newer holder of the lock', new SystemError('fenced', 'x')],
    ['the end of the time', new SystemError('deadline_exceeded', 'x')],
    ['a mistake in the code', new TypeError('x')],
    ['no error at all', 'x'],
  ])('is not %s', (_what, error) => {
    expect(isOutage(error)).toBe(false);
  });
});
