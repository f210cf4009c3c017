/** Mutants of records for each factory of the library: a valid record is held, and each change of it is accused. */
import { readFileSync } from 'node:fs';
import { expect, it, test } from 'vitest';
import { blocksOf } from '../../docs/testing/markdown.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import type { Operation } from '../../reports/history/operation.ts';
import { evidence, fault, operation } from '../../reports/testing/literal.ts';
import * as library from './index.ts';

interface Recorded {
  readonly history: readonly Operation[];
  readonly found: Partial<Evidence>;
}

interface Subject extends Recorded {
  readonly rule: library.Checker;
  readonly mutants: Readonly<Record<string, Partial<Recorded>>>;
}

type Times = readonly [startedMs: number, endedMs: number];

const numbers =
  (collection: string, field: string) =>
  ({ database }: Evidence): Map<string, number> =>
    new Map((database[collection] ?? []).map((one) => [String(one['_id']), Number(one[field])]));
const many = (f: string, type: Operation['type'], count: number, fromMs: number): Operation[] =>
  Array.from({ length: count }, (_, index) =>
    operation(index, f, type, {}, [fromMs + 10 * index, fromMs + 10 * index + 5]),
  );

const add = (item: string, type: Operation['type'], times: Times = [0, 10]): Operation =>
  operation(1, 'add', type, { item }, times);
const take = (holder: string, f: string, times: Times): Operation =>
  operation(1, f, 'ok', { lock: 'a', holder }, times);
const show = (f: string, version: number, times: Times, process = 1): Operation =>
  operation(process, f, 'ok', { id: 'a', version }, times);
const write = (text: string, times: Times): Operation =>
  operation(1, 'write', 'ok', { key: 'k', text }, times);
const sell = (type: Operation['type'], units: number): Operation =>
  operation(1, 'sell', type, { sku: 'a', units }, [0, 5]);
const counter = (f: string, at: number, value?: number): Operation =>
  operation(f === 'add' ? 1 : 2, f, 'ok', { key: 'k', ...(value === undefined ? {} : { value }) }, [
    at,
    at + 5,
  ]);
const named = (type: Operation['type'], item = '100001-1'): Operation =>
  operation(1, 'add', type, { item }, [0, 10]);
const listed = (item: string): Operation => ({
  ...operation(2, 'list', 'ok', { items: [{ item }] }, [20, 30]),
  answered: ['items'],
});
const account = (_id: string, balance: number) => ({ _id, balance });
const seat = (_id: string, number: number) => ({ _id, row: 1, number });
const cached = (value: Record<string, unknown>) => ({ key: 'item:a', type: 'string', ttlMs: 1, value });
const held = (lastSeenMs: number, key = 'lock:a') => ({
  key,
  token: 't',
  ttlMs: 30_000,
  firstSeenMs: 100,
  lastSeenMs,
});
const broken = { faults: [fault('redis-down', [1_000, 2_000])] };
const recoveredMs = 12_100;

const subjects: Readonly<Record<string, Subject>> = {
  availability: {
    rule: library.availability({ floors: { baseline: 0.9, recovery: 0.9 } }),
    history: [...many('buy', 'ok', 40, 0), ...many('buy', 'ok', 40, recoveredMs)],
    found: broken,
    mutants: {
      'most requests fail before the fault': {
        history: [...many('buy', 'info', 40, 0), ...many('buy', 'ok', 40, recoveredMs)],
      },
      'most requests fail after it': {
        history: [...many('buy', 'ok', 40, 0), ...many('buy', 'info', 40, recoveredMs)],
      },
    },
  },
  cacheAgrees: {
    rule: library.cacheAgrees({
      keys: (key) => ({ collection: 'items', name: key.slice('item:'.length) }),
    }),
    history: [],
    found: { cache: [cached({ _id: 'a', text: 'new' })], database: { items: [{ _id: 'a', text: 'new' }] } },
    mutants: {
      'the entry is old': {
        found: {
          cache: [cached({ _id: 'a', text: 'old' })],
          database: { items: [{ _id: 'a', text: 'new' }] },
        },
      },
      'the entry is of another document': {
        found: {
          cache: [cached({ _id: 'b', text: 'new' })],
          database: {
            items: [
              { _id: 'a', text: 'new' },
              { _id: 'b', text: 'new' },
            ],
          },
        },
      },
    },
  },
  conserved: {
    rule: library.conserved({ parts: numbers('accounts', 'balance'), total: 100, least: 0 }),
    history: [],
    found: { database: { accounts: [account('a', 60), account('b', 40)] } },
    mutants: {
      'money is lost': { found: { database: { accounts: [account('a', 59), account('b', 40)] } } },
      'money is made': { found: { database: { accounts: [account('a', 60), account('b', 41)] } } },
      'an account is overdrawn': { found: { database: { accounts: [account('a', 101), account('b', -1)] } } },
    },
  },
  counted: {
    rule: library.counted({
      operations: { f: 'sell' },
      key: 'sku',
      amount: 'units',
      final: numbers('stock', 'sold'),
    }),
    history: [sell('ok', 5), sell('fail', 50)],
    found: { database: { stock: [{ _id: 'a', sold: 5 }] } },
    mutants: {
      'a sale is missing': { found: { database: { stock: [{ _id: 'a', sold: 0 }] } } },
      'a sale is counted twice': { found: { database: { stock: [{ _id: 'a', sold: 10 }] } } },
      'what was refused is counted': { found: { database: { stock: [{ _id: 'a', sold: 55 }] } } },
    },
  },
  deadline: {
    rule: library.deadline(),
    history: [operation(1, 'buy', 'ok', {}, [0, 5_000])],
    found: {},
    mutants: {
      'an answer is late': { history: [operation(1, 'buy', 'ok', {}, [0, 6_000])] },
      'a failure is late': { history: [operation(1, 'buy', 'info', {}, [0, 6_000])] },
    },
  },
  exactlyOnce: {
    rule: library.exactlyOnce({
      operations: { f: 'add' },
      key: 'item',
      effects: ({ database }) => (database['lines'] ?? []).map(({ item }) => String(item)),
    }),
    history: [add('x', 'ok'), add('y', 'fail')],
    found: { database: { lines: [{ item: 'x' }] } },
    mutants: {
      'it is missing': { found: { database: { lines: [] } } },
      'it is there twice': { found: { database: { lines: [{ item: 'x' }, { item: 'x' }] } } },
      'what was refused is there': { found: { database: { lines: [{ item: 'x' }, { item: 'y' }] } } },
    },
  },
  growth: {
    rule: library.growth({ keys: { '*': { fixed: 1 } }, documents: { jobs: { perOperation: 1 } } }),
    history: [add('x', 'ok')],
    found: { database: { jobs: [{}] }, cache: [cached({})] },
    mutants: {
      'keys are left behind': {
        found: { database: { jobs: [{}] }, cache: [cached({}), { ...cached({}), key: 'item:b' }] },
      },
      'documents are made without work': { found: { database: { jobs: [{}, {}] }, cache: [] } },
      'connections are kept': { found: { connections: [{ instance: 'api-1', store: 'redis', open: 500 }] } },
    },
  },
  honestOutcomes: {
    rule: library.honestOutcomes(),
    history: [named('ok'), listed('100001-1')],
    found: {},
    mutants: {
      'a refused write is read': { history: [named('fail'), listed('100001-1')] },
      'one of two refused writes is read': {
        history: [named('fail'), named('fail', '100001-2'), listed('100001-2')],
      },
    },
  },
  lastWrite: {
    rule: library.lastWrite({
      writes: { f: 'write' },
      key: 'key',
      value: 'text',
      final: ({ database }) => new Map((database['texts'] ?? []).map(({ _id, text }) => [String(_id), text])),
    }),
    history: [write('one', [0, 10]), write('two', [20, 30])],
    found: { database: { texts: [{ _id: 'k', text: 'two' }] } },
    mutants: {
      'an earlier write is left': { found: { database: { texts: [{ _id: 'k', text: 'one' }] } } },
      'what nobody wrote is there': { found: { database: { texts: [{ _id: 'k', text: 'three' }] } } },
    },
  },
  linearizable: {
    rule: library.linearizable<number>({
      operations: { f: ['add', 'get'] },
      key: 'key',
      model: {
        initial: () => 0,
        apply: (state, { f }) => (f === 'add' ? { state: state + 1 } : { state, answer: { value: state } }),
        show: (state) => state,
      },
      reads: ({ f }) => f === 'get',
      final: numbers('counters', 'value'),
    }),
    history: [counter('add', 0), counter('get', 10, 1), counter('add', 20)],
    found: { database: { counters: [{ _id: 'k', value: 2 }] } },
    mutants: {
      'a read is stale': { history: [counter('add', 0), counter('get', 10, 0), counter('add', 20)] },
      'a read is of the future': { history: [counter('add', 0), counter('get', 10, 2), counter('add', 20)] },
      'the final state lacks a write': { found: { database: { counters: [{ _id: 'k', value: 1 }] } } },
    },
  },
  lockReleased: {
    rule: library.lockReleased({ heldAtMostMs: 500 }),
    history: [],
    found: { locks: [held(400)] },
    mutants: {
      'a lock is left behind': { found: { locks: [held(9_000)] } },
      'a second lock is': { found: { locks: [held(400), held(9_000, 'lock:b')] } },
    },
  },
  monotonicReads: {
    rule: library.monotonicReads({ reads: { f: 'read' }, key: 'id', version: 'version' }),
    history: [show('read', 1, [0, 10]), show('read', 2, [20, 30])],
    found: {},
    mutants: {
      'a read goes back': { history: [show('read', 2, [0, 10]), show('read', 1, [20, 30])] },
      'a read goes back to the beginning': {
        history: [show('read', 1, [0, 10]), show('read', 2, [20, 30]), show('read', 0, [40, 50])],
      },
    },
  },
  mutualExclusion: {
    rule: library.mutualExclusion({
      clients: { acquire: { f: 'take' }, release: { f: 'give' }, key: 'lock', holder: 'holder' },
    }),
    history: [take('x', 'take', [0, 10]), take('x', 'give', [20, 30]), take('y', 'take', [40, 50])],
    found: {},
    mutants: {
      'two hold it': {
        history: [take('x', 'take', [0, 10]), take('y', 'take', [12, 18]), take('x', 'give', [20, 30])],
      },
      'it was never given back': { history: [take('x', 'take', [0, 10]), take('y', 'take', [40, 50])] },
    },
  },
  noStaleReads: {
    rule: library.noStaleReads({
      reads: { f: 'read' },
      views: ({ value }) => [{ entity: 'a', quantity: 'version', value: Number(value['version']) }],
      initial: () => [{ entity: 'a', quantity: 'version', value: 2 }],
      boundMs: () => 100,
    }),
    history: [show('read', 5, [0, 10]), show('read', 4, [50, 60], 2)],
    found: {},
    mutants: {
      'a read is older than the bound': {
        history: [show('read', 5, [0, 10]), show('read', 4, [200, 210], 2)],
      },
      'a read is older than the beginning': { history: [show('read', 1, [0, 10])] },
    },
  },
  noUnexpectedExit: {
    rule: library.noUnexpectedExit(),
    history: [],
    found: { unexpectedExits: [] },
    mutants: {
      'a process failed': { found: { unexpectedExits: ['api-1 ended by itself with status 1'] } },
      'a process ended well': { found: { unexpectedExits: ['worker-2 ended by itself with status 0'] } },
    },
  },
  preserved: {
    rule: library.preserved({ collections: { stock: { identity: ['sku'], unchanged: ['units'] } } }),
    history: [],
    found: {
      initial: { stock: [{ _id: 'a', sku: 'a', units: 1 }] },
      database: { stock: [{ _id: 'a', sku: 'a', units: 1 }] },
    },
    mutants: {
      'a document is gone': {
        found: { initial: { stock: [{ _id: 'a', sku: 'a', units: 1 }] }, database: { stock: [] } },
      },
      'a constant changed': {
        found: {
          initial: { stock: [{ _id: 'a', sku: 'a', units: 1 }] },
          database: { stock: [{ _id: 'a', sku: 'a', units: 2 }] },
        },
      },
      'a name is there twice': {
        found: {
          initial: { stock: [{ _id: 'a', sku: 'a', units: 1 }] },
          database: {
            stock: [
              { _id: 'a', sku: 'a', units: 1 },
              { _id: 'b', sku: 'a', units: 1 },
            ],
          },
        },
      },
    },
  },
  progressAfterHeal: {
    rule: library.progressAfterHeal(),
    history: [...many('buy', 'ok', 5, 0), ...many('buy', 'ok', 5, recoveredMs)],
    found: broken,
    mutants: {
      'nothing works again': {
        history: [...many('buy', 'ok', 5, 0), ...many('buy', 'fail', 5, recoveredMs)],
      },
      'one kind does not': {
        history: [
          ...many('buy', 'ok', 5, 0),
          ...many('see', 'ok', 5, 0),
          ...many('buy', 'ok', 5, recoveredMs),
          ...many('see', 'info', 5, recoveredMs),
        ],
      },
    },
  },
  readYourWrites: {
    rule: library.readYourWrites({
      writes: { f: 'write' },
      reads: { f: 'read' },
      key: 'id',
      version: 'version',
    }),
    history: [show('write', 5, [0, 10]), show('read', 5, [20, 30])],
    found: {},
    mutants: {
      'a read lacks the own write': { history: [show('write', 5, [0, 10]), show('read', 4, [20, 30])] },
      'a later read does': {
        history: [show('write', 5, [0, 10]), show('read', 5, [20, 30]), show('read', 3, [40, 50])],
      },
    },
  },
  recoveryTime: {
    rule: library.recoveryTime({ withinMs: 1_000 }),
    history: [...many('buy', 'info', 5, 2_100), ...many('buy', 'ok', 20, 4_000)],
    found: broken,
    mutants: {
      'it serves too late': { history: [...many('buy', 'info', 5, 3_100), ...many('buy', 'ok', 20, 4_000)] },
      'it never serves': { history: many('buy', 'info', 200, 2_100) },
    },
  },
  restReached: {
    rule: library.restReached(),
    history: [],
    found: { queueLength: 0 },
    mutants: {
      'a queue does not drain': { found: { queueLength: 3 } },
      'work is never finished': { found: { quiescedMs: null, quiesceReason: '3 jobs wait' } },
    },
  },
  unique: {
    rule: library.unique({ documents: { seats: ['row', 'number'] } }),
    history: [],
    found: { database: { seats: [seat('a', 1), seat('b', 2)] } },
    mutants: {
      'a seat is sold twice': { found: { database: { seats: [seat('a', 1), seat('b', 1)] } } },
      'one of three is': { found: { database: { seats: [seat('a', 1), seat('b', 2), seat('c', 2)] } } },
    },
  },
};

/** What the module exports beside the factories of invariants. */
const otherFunctions = [
  'allOf',
  'conclude',
  'defaultInvariants',
  'defineFault',
  'defineScenario',
  'defineTarget',
  'invariant',
  'onlyOnce',
  'ruleOf',
  'runningWithRole',
  'until',
];

test('every factory of the library is here, with at least two mutants', () => {
  const functions = Object.entries(library).flatMap(([name, value]) =>
    typeof value === 'function' ? [name] : [],
  );
  expect(Object.keys(subjects).toSorted()).toEqual(
    functions.filter((name) => !otherFunctions.includes(name)).toSorted(),
  );
  for (const [name, { mutants }] of Object.entries(subjects))
    expect([name, Object.keys(mutants).length]).toEqual([
      name,
      expect.toSatisfy((count: number) => count >= 2),
    ]);
});

test('every factory of the library is in its page, with an example', () => {
  const page = readFileSync(new URL('../../docs/invariants.md', import.meta.url), 'utf8');
  const examples = blocksOf(page, 'ts').join('\n');
  const names = Object.keys(subjects);
  expect(names.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  expect(names.filter((name) => !new RegExp(`\\b${name}(?:<\\w+>)?\\(`).test(examples))).toEqual([]);
});

const cases = Object.entries(subjects);

it.each(cases)('%s holds of a valid record', (_, { rule, history, found }) => {
  expect(rule.check(history, evidence(found))).toMatchObject({ verdict: 'true' });
});

const mutants = cases.flatMap(([name, subject]) =>
  Object.entries(subject.mutants).map(([change, mutant]) => ({ name, change, subject, mutant })),
);

it.each(mutants)('$name accuses a record in which $change', ({ subject, mutant }) => {
  const { rule, history, found } = { ...subject, ...mutant };
  const verdict = rule.check(history, evidence(found));
  expect(verdict).toMatchObject({ verdict: 'false' });
  expect(verdict.reason).not.toBe('');
});
