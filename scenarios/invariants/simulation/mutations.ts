/** Ways in which a recorded run goes wrong, one for each thing that a checker must see; each takes a right run and spoils it. */
import type { Operation } from '../../../reports/history/operation.ts';
import type { SimulatedRun } from './simulate.ts';
import {
  acknowledged,
  always,
  type Mutation,
  ofDocument,
  ofOperation,
  plus,
  type Row,
  withEvidence,
} from './spoil.ts';

/** Later than any staleness allows. */
const muchLater = (operation: Operation, value: Row): Operation => ({
  ...operation,
  process: operation.process + 1_000_000,
  value: { ...operation.value, ...value },
  intendedMs: operation.intendedMs + 30_000,
  startedMs: operation.startedMs + 30_000,
  endedMs: operation.endedMs + 30_000,
});

function isHired(row: Row, { history }: SimulatedRun): boolean {
  return history.some(
    (operation) => acknowledged('hire')(operation) && operation.value['name'] === row['name'],
  );
}

/** Actions on this general whose end is not known: so many more than acknowledged may be counted. */
function unclearActions(row: Row, { history }: SimulatedRun): number {
  return history.filter(
    ({ f, type, value }) =>
      (f === 'reserve' || f === 'train') && type === 'info' && value['no'] === row['no'],
  ).length;
}

function hasAction(row: Row, { history }: SimulatedRun): boolean {
  return history.some(
    ({ f, type, value }) => (f === 'reserve' || f === 'train') && type === 'ok' && value['no'] === row['no'],
  );
}

function isDestroyed(nation: unknown, { evidence }: SimulatedRun): boolean {
  return (evidence.database['nations'] ?? []).some(
    (row) => row['nation'] === nation && row['status'] === 'destroyed',
  );
}

function hasRelation({ evidence }: SimulatedRun): boolean {
  return (evidence.database['diplomacy'] ?? []).length > 0;
}

function isUndisturbedRead({ f, type, startedMs }: Operation): boolean {
  return f === 'read-general' && type === 'ok' && startedMs < 5_000;
}

function firstFallen({ evidence }: SimulatedRun): unknown {
  return evidence.database['nations']?.find((row) => row['status'] === 'destroyed')?.['nation'];
}

const longLock = { key: 'city:lock:s1:1', token: 'other', firstSeenMs: 10, lastSeenMs: 20 };

export const mutations: readonly Mutation[] = [
  {
    invariant: 'I1',
    what: 'an effect was lost',
    apply: ofDocument('generals', always, plus('turns_lived', -1)),
  },
  {
    invariant: 'I1',
    what: 'an effect was doubled',
    apply: ofDocument('cities', always, plus('turns_lived', 1)),
  },
  {
    invariant: 'I17',
    what: 'a turn that is due is not processed',
    apply: (run) =>
      withEvidence(run, {
        processorWaits: [],
        watched: { ...run.evidence.watched, undone: [{ what: 'the next turn of s1', overdueMs: 15_000 }] },
      }),
  },
  {
    invariant: 'I18',
    what: 'a lock is held at rest',
    apply: (run) =>
      withEvidence(run, {
        cache: [
          ...run.evidence.cache,
          { key: 'city:lock:s1:1', type: 'string', ttlMs: 100_000, value: null },
        ],
      }),
  },
  {
    invariant: 'I19',
    what: 'an auction is settled before it closes',
    apply: ofDocument(
      'auctions',
      ({ settlement }) => settlement !== null,
      (auction) => ({ ...auction, closes_at: '2100-01-01T00:00:00.000Z' }),
    ),
  },
  {
    invariant: 'I21',
    what: 'a lock is deleted',
    apply: (run) =>
      withEvidence(run, {
        lockCommands: (run.evidence.lockCommands ?? []).map((command) =>
          command.command === 'SET'
            ? command
            : { ...command, command: 'DEL', arguments: command.arguments.slice(2, 3) },
        ),
      }),
  },
  {
    invariant: 'I20',
    what: 'a failure has the status of another code',
    apply: ofOperation(
      ({ type }) => type === 'fail',
      ({ value, ...operation }) => ({
        ...operation,
        process: operation.process + 1_000_000,
        value: { ...value, code: 'bid_too_low', definite: true, retryAfter: true, plain: true, status: 404 },
      }),
    ),
  },
  {
    invariant: 'I20',
    what: 'a request took effect twice under one key',
    apply: ofOperation(
      acknowledged('hire', 'applied'),
      ({ value, ...operation }) => ({ ...operation, value: { ...value, again: { ...value } } }),
      true,
    ),
  },
  {
    invariant: 'I2',
    what: 'a turn is not in the log',
    apply: ofDocument('turn_log', always, () => null),
  },
  {
    invariant: 'I2',
    what: 'the session went back',
    apply: ofOperation(
      (operation) => acknowledged('turn')(operation) && Number(operation.value['currentTurn']) > 0,
      (operation) => muchLater({ ...operation, f: 'read-session' }, { turn: 0, version: 1 }),
    ),
  },
  {
    invariant: 'I2',
    what: 'a turn was applied twice',
    apply: ofOperation(acknowledged('turn', 'applied'), (operation) => muchLater(operation, {})),
  },
  {
    invariant: 'I3',
    what: 'the item went to somebody else',
    apply: ofDocument(
      'items',
      (row, { evidence }) =>
        (evidence.database['auctions'] ?? []).some(
          (auction) => auction['item'] === row['item'] && auction['settlement'] !== null,
        ),
      plus('owner', 100),
    ),
  },
  {
    invariant: 'I3',
    what: 'an auction was settled twice',
    apply: ofOperation(acknowledged('settle', 'applied'), (operation) => muchLater(operation, {})),
  },
  {
    invariant: 'I3',
    what: 'the gold of a settled auction is still in escrow',
    apply: ofDocument('auctions', (row) => row['settlement'] !== null, plus('escrow', 1)),
  },
  { invariant: 'I4', what: 'gold came from nowhere', apply: ofDocument('generals', always, plus('gold', 1)) },
  {
    invariant: 'I4',
    what: 'somebody is in debt',
    apply: ofDocument('nations', always, (row) => ({ ...row, gold: -1 })),
  },
  {
    invariant: 'I5',
    what: 'a nation counts too much',
    apply: ofDocument('nations', always, plus('city_count', 1)),
  },
  {
    invariant: 'I5',
    what: 'a city changed hands uncounted',
    apply: ofDocument(
      'cities',
      (row) => row['nation'] !== 0,
      (row) => ({ ...row, nation: 0 }),
    ),
  },
  {
    invariant: 'I6',
    what: 'the fallen have a city',
    apply: (run) =>
      firstFallen(run) === undefined
        ? null
        : ofDocument('cities', always, (row) => ({ ...row, nation: firstFallen(run) }))(run),
  },
  {
    invariant: 'I6',
    what: 'the fallen have a general',
    apply: (run) =>
      firstFallen(run) === undefined
        ? null
        : ofDocument('generals', always, (row) => ({ ...row, nation: firstFallen(run) }))(run),
  },
  {
    invariant: 'I6',
    what: 'the fallen rose again',
    apply: ofDocument(
      'nations',
      (row, run) =>
        isDestroyed(row['nation'], run) &&
        run.history.some(
          (operation) => acknowledged('destroy')(operation) && operation.value['nation'] === row['nation'],
        ),
      (row) => ({ ...row, status: 'active' }),
    ),
  },
  {
    invariant: 'I7',
    what: 'a relation has one side',
    apply: ofDocument('diplomacy', always, () => null),
  },
  {
    invariant: 'I7',
    what: 'an ally is not listed',
    apply: ofDocument(
      'nations',
      (row, run) => hasRelation(run) && Array.isArray(row['allies']) && row['allies'].length > 0,
      (row) => ({ ...row, allies: [] }),
    ),
  },
  {
    invariant: 'I8',
    what: 'a hired general is not there',
    apply: ofDocument('generals', isHired, () => null),
  },
  {
    invariant: 'I8',
    what: 'a hire was not paid',
    apply: ofDocument(
      'nations',
      (row, { history }) =>
        history.some(
          (operation) => acknowledged('hire')(operation) && operation.value['nation'] === row['nation'],
        ),
      plus('population', 1),
    ),
  },
  {
    invariant: 'I9',
    what: 'a reward was paid twice',
    apply: ofDocument(
      'generals',
      (row) => Array.isArray(row['rewards']) && row['rewards'].length > 0,
      (row) => ({ ...row, rewards: [row['rewards'], row['rewards']].flat() }),
    ),
  },
  {
    invariant: 'I9',
    what: 'a reward was marked and not paid',
    apply: ofDocument(
      'generals',
      (row) => Array.isArray(row['rewards']) && row['rewards'].length > 0,
      (row) => ({ ...row, rewards: [] }),
    ),
  },
  {
    invariant: 'I10',
    what: 'an acknowledged order is missing',
    apply: ofDocument(
      'generals',
      (row, { history }) =>
        Object.entries(row['orders'] ?? {}).some(([slot]) =>
          history.some(
            (operation) =>
              acknowledged('reserve')(operation) &&
              operation.value['no'] === row['no'] &&
              String(operation.value['slot']) === slot,
          ),
        ),
      (row) => ({ ...row, orders: {} }),
    ),
  },
  {
    invariant: 'I10',
    what: 'an acknowledged action was not counted',
    apply: ofDocument('generals', hasAction, (row, run) =>
      plus('action_count', -1 - unclearActions(row, run))(row),
    ),
  },
  {
    invariant: 'I10',
    what: 'an action was counted twice',
    apply: ofDocument('generals', hasAction, (row, run) =>
      plus('action_count', 1 + unclearActions(row, run))(row),
    ),
  },
  {
    invariant: 'I11',
    what: 'the cache is behind',
    apply: (run) => {
      const [first, ...rest] = run.evidence.cache;
      if (first === undefined) return null;
      const value = plus('version', -1)(first.value as Row);
      return withEvidence(run, { cache: [{ ...first, value }, ...rest] });
    },
  },
  {
    invariant: 'I12',
    what: 'a holder wrote after his successor',
    apply: (run) => {
      const writes = run.evidence.fencedWrites?.writes ?? [];
      const last = writes.at(-1);
      if (last === undefined) return null;
      const late = { ...last, atMs: last.atMs + 1, token: last.token - 1 };
      return withEvidence(run, { fencedWrites: { writes: [...writes, late], gaps: 0 } });
    },
  },
  {
    invariant: 'I12',
    what: 'a settlement left no token',
    apply: ofDocument(
      'fences',
      ({ _id }, { evidence }) =>
        (evidence.database['auctions'] ?? []).some(
          ({ auction, settlement }) => settlement !== null && _id === `auction:lock:s1:${String(auction)}`,
        ),
      () => null,
    ),
  },
  {
    invariant: 'I12',
    what: 'an occupation left no token',
    apply: ofDocument(
      'fences',
      ({ _id }, { history }) =>
        history.some(
          (operation) =>
            acknowledged('occupy', 'applied')(operation) &&
            _id === `city:lock:s1:${String(operation.value['city'])}`,
        ),
      (row) => ({ ...row, uses: 0 }),
    ),
  },
  {
    invariant: 'I12',
    what: 'the end of a battle left no token',
    apply: ofDocument(
      'fences',
      ({ _id }) => String(_id).startsWith('battle:lock:'),
      (row) => ({ ...row, uses: 0 }),
    ),
  },
  {
    invariant: 'I12',
    what: 'a round was decided without a token',
    apply: ofDocument(
      'tournaments',
      ({ round }) => Number(round) > 0,
      (row) => ({ ...row, fence: { round: 0, token: 0 } }),
    ),
  },
  {
    invariant: 'I13',
    what: 'a lock never expires',
    apply: (run) => withEvidence(run, { locks: [...(run.evidence.locks ?? []), { ...longLock, ttlMs: -1 }] }),
  },
  {
    invariant: 'I13',
    what: 'a lock outlives its time',
    apply: (run) =>
      withEvidence(run, {
        locks: [...(run.evidence.locks ?? []), { ...longLock, ttlMs: 100, lastSeenMs: 1_111 }],
      }),
  },
  {
    invariant: 'I14',
    what: 'a read was refused while nothing was broken',
    apply: ofOperation(
      isUndisturbedRead,
      (operation) => ({
        ...operation,
        type: 'fail',
        endedMs: operation.startedMs + 5,
        value: { sessionId: 's1', no: operation.value['no'], status: 503 },
      }),
      true,
    ),
  },
  {
    invariant: 'I14',
    what: 'what is there was denied',
    apply: ofOperation(
      (operation) =>
        operation.f === 'read-general' &&
        operation.type === 'ok' &&
        Number(operation.value['no']) <= 12 &&
        operation.startedMs > 0,
      (operation) => muchLater({ ...operation, type: 'fail' }, { status: 404 }),
    ),
  },
  {
    invariant: 'I15',
    what: 'a read was staler than any cache may be',
    apply: ofOperation(acknowledged('reserve'), (operation) =>
      muchLater({ ...operation, f: 'read-general' }, { version: 0, lastTurn: 0, turnsLived: 0 }),
    ),
  },
  {
    invariant: 'I16',
    what: 'a request hung',
    apply: ofOperation(always, (operation) => ({ ...operation, endedMs: operation.startedMs + 9_000 }), true),
  },
];
