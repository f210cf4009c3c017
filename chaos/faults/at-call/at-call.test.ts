import { describe, expect, it } from 'vitest';
import { sample } from '../../testing/sample/sample.ts';
import { faultsOf } from '../registry.ts';
import { conflicting } from '../timeline.ts';
import { callParametersSchema, callText } from './call-parameters.ts';
import { errorsExpectedAt, storeError, traitsOf } from './store-errors.ts';

const call = { role: 'api', store: 'redis', command: 'SET', target: 'lock:*' } as const;

describe('parameters', () => {
  it.each([
    [{ ...call, happens: 'error' }, 'error'],
    [{ ...call, happens: 'cut-before', error: 'BUSY' }, 'error'],
    [{ ...call, happens: 'error', error: 'WriteConflict' }, 'error'],
    [{ ...call, happens: 'pause' }, 'forMs'],
    [{ ...call, happens: 'kill-after', forMs: 5 }, 'forMs'],
    [{ ...call, happens: 'explode' }, 'happens'],
    [{ ...call, happens: 'cut-before', nth: 0 }, 'nth'],
    [{ ...call, happens: 'cut-before', times: 0 }, 'times'],
    [{ ...call, happens: 'kill-after', times: 2 }, 'times'],
  ])('%j is refused by its field', (parameters, field) => {
    const parsed = callParametersSchema.safeParse(parameters);
    expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toEqual([field]);
  });

  it('name the call', () => {
    expect(callText({ ...call, nth: 1 })).toBe('api SET lock:*');
    expect(callText({ ...call, nth: 2, target: '*' })).toBe('api SET (2nd)');
  });
});

describe('errors of the stores', () => {
  it.each([
    ['GET', ['BUSY', 'LOADING']],
    ['SET', ['BUSY', 'LOADING', 'OOM', 'READONLY']],
    ['DEL', ['BUSY', 'LOADING', 'READONLY']],
    ['EXEC', []],
    ['EVALSHA', ['BUSY', 'LOADING', 'NOSCRIPT', 'OOM', 'READONLY']],
  ])('Redis may answer %s with %j', (command, errors) => {
    expect(errorsExpectedAt('redis', traitsOf(command))).toEqual(errors);
  });

  it.each([
    ['find', {}, ['ExceededTimeLimit', 'NotPrimaryNoSecondaryOk']],
    ['find', { maxTimeMS: 5 }, ['ExceededTimeLimit', 'MaxTimeMSExpired', 'NotPrimaryNoSecondaryOk']],
    ['update', { txnNumber: 1 }, ['ExceededTimeLimit', 'NotWritablePrimary']],
    [
      'update',
      { txnNumber: 1, autocommit: false },
      ['ExceededTimeLimit', 'NotWritablePrimary', 'WriteConflict'],
    ],
    ['commitTransaction', { txnNumber: 1, autocommit: false }, ['ExceededTimeLimit', 'NotWritablePrimary']],
  ])('MongoDB may answer %s with %j by %j', (command, body, errors) => {
    expect(errorsExpectedAt('mongo', traitsOf(command, body))).toEqual(errors);
  });

  it('carry the labels by which a driver decides', () => {
    const inTransaction = traitsOf('update', { txnNumber: 1, autocommit: false });
    expect(storeError('WriteConflict', inTransaction).labels).toEqual(['TransientTransactionError']);
    const commit = traitsOf('commitTransaction', { txnNumber: 1, autocommit: false });
    expect(storeError('NotWritablePrimary', commit).labels).toEqual(['RetryableWriteError']);
    expect(storeError('NotWritablePrimary', traitsOf('update', { txnNumber: 1 })).labels).toEqual([
      'RetryableWriteError',
    ]);
    expect(storeError('NotPrimaryNoSecondaryOk', traitsOf('find')).labels).toBeUndefined();
    expect(storeError('MaxTimeMSExpired', inTransaction).labels).toBeUndefined();
  });
});

describe('a call that a target declares', () => {
  const declared = { ...call, happens: 'lose-reply' } as const;

  it('is a fault under its own name, with its parameters', () => {
    const fault = faultsOf({ ...sample, calls: { 'lock-reply-lost': declared } }).get('lock-reply-lost');
    expect(fault?.title).toBe('reply lost after the command took effect at api SET lock:*');
    fault?.check({ ...declared });
  });

  it('is refused by its field', () => {
    const calls = { 'lock-lost': { ...declared, happens: 'gone' } };
    expect(() => faultsOf({ ...sample, calls })).toThrow('calls.lock-lost, happens:');
  });

  it('may be in force beside others', () => {
    const faults = faultsOf({ ...sample, calls: { one: declared, two: declared } });
    const [one, two] = [faults.get('one'), faults.get('two')];
    expect(one !== undefined && two !== undefined && conflicting(one, two)).toBe(false);
  });
});
