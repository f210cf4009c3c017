import { expect, it } from 'vitest';
import type { Evidence, LockCommand } from '../../reports/record/evidence.ts';
import { lockCommands } from './i21-lock-commands.ts';
import { evidence, fault, operation } from './testing/literal.ts';

const lock = 'city:lock:s1:1';
const command = (
  name: string,
  given: string[],
  reply: unknown,
  startedMs: number,
  process = 'api-1',
): LockCommand => ({
  process,
  command: name,
  arguments: given,
  reply,
  startedMs,
  endedMs: startedMs + 1,
});
const take = (token: string, atMs: number, reply: unknown = 'OK', key = lock, ttl = ['EX', '2']) =>
  command('SET', [key, token, ...ttl, 'NX'], reply, atMs);
const release = (token: string, atMs: number, reply: unknown = 1) =>
  command('EVALSHA', ['sha', '1', lock, token], reply, atMs);

function verdictOf(commands: LockCommand[], overrides: Partial<Evidence> = {}) {
  const plain = evidence();
  const limits = { ...plain.limits, lockTtlMs: 2_000 };
  return lockCommands.check([], evidence({ ...overrides, limits, lockCommands: commands })).verdict;
}

it('holds when locks are taken, waited for and released', () => {
  const commands = [
    take('a', 0),
    take('b', 10, null),
    release('a', 150),
    take('c', 200),
    release('c', 300),
    release('c', 400, 0),
  ];
  expect(verdictOf(commands)).toBe('true');
});

it('says nothing where nothing was recorded, or no lock asked for', () => {
  expect(verdictOf([])).toBe('unknown');
  expect(lockCommands.check([], evidence()).verdict).toBe('unknown');
});

it.each([
  ['a name that no work has', [take('a', 0, 'OK', 'battle:lock:1')]],
  ['a lock without an end', [take('a', 0, 'OK', lock, [])]],
  ['a lock for too short', [take('a', 0, 'OK', lock, ['PX', '2'])]],
  ['a lock for too long', [take('a', 0, 'OK', lock, ['EX', '600'])]],
  ['a lock taken in any case', [command('SET', [lock, 'a', 'EX', '2'], 'OK', 0)]],
  ['a lock deleted', [take('a', 0), command('DEL', [lock], 1, 10)]],
  ['a release by another token', [take('a', 0), release('z', 50)]],
  ['locks that are never released', [take('a', 0), take('b', 3_000), take('c', 6_000)]],
])('%s is found', (_what, commands) => {
  expect(verdictOf(commands)).toBe('false');
});

it('a lock that one holder left to expire may have had no processor', () => {
  const released = ['b', 'c', 'd'].flatMap((token, index) => [
    take(token, 3_000 * (index + 1)),
    release(token, 3_000 * (index + 1) + 10),
  ]);
  expect(verdictOf([take('a', 0), ...released])).toBe('true');
});

it('a request that is refused because a lock is held has waited for it', () => {
  const told = (tookMs: number) =>
    lockCommands.check(
      [operation(1, 'occupy', 'fail', { city: 1, no: 1, code: 'lock_not_acquired' }, [0, tookMs])],
      evidence({ lockCommands: [take('a', 0), release('a', 9)] }),
    ).verdict;
  expect(told(410)).toBe('true');
  expect(told(15)).toBe('false');
});

it('a lock that was taken before the recording began may be released in it', () => {
  expect(verdictOf([release('early', 5), take('a', 50), release('a', 60)])).toBe('true');
});

it('a release that a fault kept from Redis is no mistake', () => {
  expect(verdictOf([take('a', 0)], { faults: [fault('redis-down', [1, 2])] })).toBe('true');
});

it('turns that were processed without their lock are found', () => {
  const database = { turn_log: [{ _id: 's1:1', session_id: 's1', turn: 1, token: 1 }] };
  expect(verdictOf([take('a', 0), release('a', 10)], { database })).toBe('false');
  const turns = 'session:lock:s1:turn';
  expect(
    verdictOf([take('a', 0, 'OK', turns), command('EVALSHA', ['sha', '1', turns, 'a'], 1, 10)], { database }),
  ).toBe('true');
});
