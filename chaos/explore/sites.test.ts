import { expect, it } from 'vitest';
import type { Operation } from '../../reports/history/operation.ts';
import type { Trace, TracedCommand } from '../../reports/trace/trace.ts';
import { attribute, type Roles } from './attribution.ts';
import { sitesOf } from './sites.ts';

const roles: Roles = {
  of: (process) => process.replace(/-\d+$/, ''),
  serving: new Set(['api']),
};

const operation = (f: string, startedMs: number, endedMs: number): Operation => ({
  process: 1,
  f,
  type: 'ok',
  value: { status: 200 },
  intendedMs: startedMs,
  startedMs,
  endedMs,
});

const command = (process: string, name: string, target: string, startedMs: number): TracedCommand => ({
  proxy: `redis-of-${process}`,
  connection: 1,
  peer: '',
  protocol: 'redis',
  command: name,
  target,
  startedMs,
  endedMs: startedMs + 1,
  streamOffset: 0,
  requestBytes: 1,
  replyBytes: 1,
  reply: null,
  replyKept: true,
});

const trace = (commands: readonly TracedCommand[]): Trace => ({
  head: {
    traceVersion: 1,
    fromMs: 0,
    toMs: 10_000,
    dropped: [],
    proxies: Object.fromEntries(
      commands.map(({ proxy }) => [proxy, { store: 'redis', process: proxy.replace('redis-of-', '') }]),
    ),
  },
  commands,
});

const named = (commands: readonly TracedCommand[], operations: readonly Operation[]) =>
  sitesOf(attribute(trace(commands), operations, roles), operations, 1_000);

it('names each call by its operation, its command and its number', () => {
  const { byName } = named(
    [
      command('api-1', 'GET', 'item:1', 1_101),
      command('api-1', 'GET', 'item:2', 1_102),
      command('api-1', 'SET', 'item:1', 1_103),
      command('api-2', 'GET', 'item:7', 1_201),
    ],
    [operation('read', 1_100, 1_110), operation('list', 1_200, 1_210)],
  );
  expect([...byName.keys()]).toEqual([
    'read: api GET item:*',
    'read: api GET item:* #2',
    'read: api SET item:*',
    'list: api GET item:*',
  ]);
  expect(byName.get('read: api SET item:*')).toMatchObject({ after: 'read: api GET item:* #2', follows: '' });
});

it('ties a command to no operation while several are under way', () => {
  const commands = [command('api-1', 'GET', 'item:1', 1_105)];
  const { byName } = named(commands, [operation('read', 1_100, 1_110), operation('write', 1_100, 1_110)]);
  expect([...byName.keys()]).toEqual([]);
});

it('tells what a process does by itself from what it does for an operation', () => {
  const polls = Array.from({ length: 20 }, (_, index) =>
    command('api-1', 'XLEN', 'queue', 1_020 + 50 * index),
  );
  const { byName } = named(
    [...polls, command('api-1', 'GET', 'item:1', 1_501), command('worker-1', 'LPOP', 'jobs', 1_502)],
    [operation('read', 1_000, 1_010), operation('read', 1_500, 1_530), operation('read', 1_940, 1_950)],
  );
  expect([...byName.keys()].toSorted()).toEqual([
    '(by itself): api XLEN queue',
    '(by itself): worker LPOP jobs',
    'read: api GET item:*',
  ]);
});

it('a fault may be applied once the operation before has ended', () => {
  const { occasions } = named(
    [command('api-1', 'GET', 'item:1', 1_101), command('api-1', 'GET', 'item:1', 1_121)],
    [operation('read', 1_100, 1_110), operation('read', 1_118, 1_125)],
  );
  expect(occasions.map(({ fromMs, atMs }) => [fromMs, atMs])).toEqual([
    [85, 101],
    [110, 121],
  ]);
});

it('takes a command for that of the operation that its process noted, also where operations overlap', () => {
  const operations = [operation('read', 1_000, 1_100), operation('write', 1_010, 1_090)];
  const { byName } = named(
    [
      { ...command('api-1', 'GET', 'item:1', 1_020), operation: '1@1000' },
      { ...command('api-1', 'SET', 'item:1', 1_030), operation: '1@1010' },
      // Not noted, and either of them may have caused it.
      command('api-1', 'DEL', 'item:1', 1_040),
    ],
    operations,
  );
  expect([...byName.keys()]).toEqual(['read: api GET item:*', 'write: api SET item:*']);
});
