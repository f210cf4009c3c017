/**
 * A change without an answer may have taken effect or not. On a real stack, behind a proxy that loses what it carries: one of each kind is
 * recorded `info`, both are judged right, and would be judged wrong if the client had claimed to know.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Toxiproxy } from 'toxiproxy-node-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScriptSettings, settingsVariable } from '../../chaos/api/k6/settings.ts';
import { systemClock } from '../../chaos/clock.ts';
import { startReaper } from '../../chaos/process/reaper.ts';
import { temporaryFolder } from '../../chaos/process/temporary-folder.ts';
import { limitsOf } from '../../chaos/run/limits.ts';
import { readCache, readDatabase } from '../../chaos/target/final-state.ts';
import { loadTarget } from '../../chaos/target/load-config.ts';
import { type BusyTarget, type FaultRig, openFaultRig } from '../../chaos/testing/fault-rig.ts';
import { judge } from '../../reports/checkers/judge.ts';
import type { Operation } from '../../reports/history/operation.ts';
import { readHistory } from '../../reports/history/read-history.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { invariants } from './registry.ts';

const clock = systemClock;
const repository = fileURLToPath(new URL('../..', import.meta.url));
const proxyName = 'unclear-ends-api';
/** Far more than a change needs, also on a busy machine. */
const longTimeoutMs = 20_000;
/** For a change that will never be answered. */
const shortTimeoutMs = 2_000;
const effectLimitMs = 30_000;

/** `executed`: the request arrives and its answer is lost; `lost`: the request itself is. */
type Network = 'executed' | 'lost' | 'well';
const toxicStreams = { executed: 'downstream', lost: 'upstream' } as const;

let owned: AsyncDisposableStack;
let rig: FaultRig;
let busy: BusyTarget;
let history: readonly Operation[];
let evidence: Evidence;

beforeAll(async () => {
  owned = new AsyncDisposableStack();
  rig = owned.use(await openFaultRig());
  const reaper = owned.use(await startReaper({ clock }));
  const folder = owned.use(await temporaryFolder(reaper, 'unclear-ends'));
  const target = await loadTarget({}, repository);
  busy = owned.use(
    await rig.startTarget({
      target,
      processes: { api: 1, 'db-sync': 1 },
      world: { sessions: 1, generals: 5, cities: 4, nations: 2 },
      // Nothing but a client may end a change here.
      settings: { REQUEST_DEADLINE_MS: String(longTimeoutMs), TURN_DEADLINE_MS: String(longTimeoutMs) },
    }),
  );
  const { stack } = rig;
  const initial = await readDatabase(rig.observer, target.state);

  const toxiproxy = new Toxiproxy(stack.endpoints.toxiproxyApi);
  const upstream = new URL(busy.running.baseUrls[0] ?? '').host;
  const proxy = await toxiproxy.createProxy({
    name: proxyName,
    listen: '127.0.0.1:0',
    upstream,
    enabled: true,
  });
  const apiUrl = `http://${proxy.listen}`;
  const loadStartMs = clock.nowMs();
  // The turn after one that took effect is the next; the one that never came is still due.
  const rounds: readonly (readonly [Network, number])[] = [
    ['well', 1],
    ['executed', 2],
    ['lost', 3],
  ];
  const operations: Operation[] = [];
  for (const [index, [network, turn]] of rounds.entries()) {
    operations.push(...(await changesOver(network, index + 1, turn)));
  }
  history = operations;
  const loadEndMs = clock.nowMs();
  await eventually(async () => (await target.atRest?.(busy.running.context)) === true);
  evidence = {
    scenario: 'unclear-ends',
    fault: 'none',
    limits: limitsOf(target),
    loadStartMs,
    loadEndMs,
    quiescedMs: clock.nowMs(),
    quiesceReason: 'at rest',
    faults: [],
    database: await readDatabase(rig.observer, target.state),
    initial,
    cache: await readCache(rig.observer, target.state),
  };

  async function changesOver(network: Network, round: number, turn: number): Promise<Operation[]> {
    if (network !== 'well') {
      const stream = toxicStreams[network];
      await (
        await toxiproxy.get(proxyName)
      ).addToxic({ name: 'lost', type: 'timeout', stream, toxicity: 1, attributes: { timeout: 0 } });
    }
    const timeoutMs = network === 'well' ? longTimeoutMs : shortTimeoutMs;
    const historyFile = join(folder.path, `history-${round}.ndjson`);
    try {
      const settingsFile = join(folder.path, `settings-${round}.json`);
      const settings: ScriptSettings = {
        urls: { api: [apiUrl] },
        baseUrls: [apiUrl],
        world: busy.world,
        seed: `round-${round}`,
        durationMs: 0,
        ratePerSecond: 0,
        maxVus: 0,
        startUrl: '',
        timeoutMs,
        maxErrorRate: 1,
        maxErrorRateInPhase: {},
        faultSpan: null,
        summaryFile: '',
      };
      await writeFile(settingsFile, JSON.stringify(settings));
      await runScript(historyFile, { [settingsVariable]: settingsFile, ROUND: round, TURN: turn });
      // The client gave up before the effect came; it comes all the same.
      if (network === 'executed') await eventually(async () => (await turnInDatabase()) === turn);
    } finally {
      if (network !== 'well') await (await (await toxiproxy.get(proxyName)).getToxic('lost')).remove();
    }
    // Clients of different rounds are different ones.
    const { operations: own } = await readHistory(historyFile);
    return own.map((operation) => ({ ...operation, process: operation.process + round * 10_000_000 }));
  }
}, 240_000);
afterAll(() => owned.disposeAsync());

async function turnInDatabase(): Promise<unknown> {
  const [session] = await rig.observer.database.collection('sessions').find().toArray();
  return session?.['turn'];
}

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  const happened = await busy.running.context.until(condition, effectLimitMs);
  if (!happened) throw new Error('it did not happen in time');
}

async function runScript(historyFile: string, own: Readonly<Record<string, number | string>>): Promise<void> {
  const environment = Object.entries(own).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const runtime = fileURLToPath(new URL('../../chaos/emulators/k6/main.ts', import.meta.url));
  const script = fileURLToPath(new URL('./testing/four-changes.k6.ts', import.meta.url));
  const flags = ['--quiet', '--log-format', 'raw', '--console-output', historyFile];
  await promisify(execFile)(process.execPath, [runtime, 'run', ...flags, ...environment, script]);
}

const kinds = ['hire', 'reserve', 'train', 'turn'];
/** Which count each of them: a lost or a doubled one would show there. */
const judged = ['I1', 'I2', 'I4', 'I8', 'I10'];

function verdictsOf(operations: readonly Operation[]) {
  const verdicts = judge(operations, evidence, invariants(...judged));
  return Object.fromEntries(verdicts.map(({ invariant, verdict }) => [invariant, verdict]));
}

/** The history as it would be if the client had claimed this end of every change of this kind in this round. */
function claiming(round: number, f: string, type: Operation['type']): Operation[] {
  return history.map((operation) => {
    if (operation.f !== f || Math.floor(operation.process / 10_000_000) !== round) return operation;
    const answered = {
      hire: { no: 7, outcome: 'applied' },
      reserve: { version: 3, actionCount: 3 },
      train: { version: 3, actionCount: 3 },
      turn: { outcome: 'applied', currentTurn: round },
    }[f];
    return {
      ...operation,
      type,
      value: { ...operation.value, status: type === 'ok' ? 200 : 503, ...answered },
    };
  });
}

describe('changes whose answer was lost, with and without effect', () => {
  it('are recorded as unclear, and those that were answered as done', () => {
    const ends = (round: number) =>
      history
        .filter(({ process }) => Math.floor(process / 10_000_000) === round)
        .map(({ f, type }) => `${f} ${type}`)
        .toSorted();
    expect(ends(1)).toEqual(kinds.map((f) => `${f} ok`));
    expect(ends(2)).toEqual(kinds.map((f) => `${f} info`));
    expect(ends(3)).toEqual(kinds.map((f) => `${f} info`));
  });

  it('took effect where the request arrived, and did not where it was lost', () => {
    const generals = new Map(evidence.database['generals']?.map((general) => [general['no'], general]));
    expect(Object.keys(generals.get(1)?.['orders'] ?? {})).toEqual(['1', '2']);
    expect([2, 3, 4].map((no) => generals.get(no)?.['action_count'])).toEqual([1, 1, 0]);
    expect([...generals.keys()].toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(evidence.database['sessions']).toMatchObject([{ turn: 2 }]);
  });

  it('are judged right: nothing is accused, and everything is decided', () => {
    expect(verdictsOf(history)).toEqual(Object.fromEntries(judged.map((name) => [name, 'true'])));
  });

  it.each([
    ['hire', 'I8'],
    ['reserve', 'I10'],
    ['train', 'I10'],
  ])('would accuse a %s that took effect after it was taken for failed', (f, invariant) => {
    expect(verdictsOf(claiming(2, f, 'fail'))).toMatchObject({ [invariant]: 'false' });
  });

  it.each([
    ['hire', 'I8'],
    ['reserve', 'I10'],
    ['train', 'I10'],
    ['turn', 'I2'],
  ])('would accuse a %s that was taken for done and never came', (f, invariant) => {
    expect(verdictsOf(claiming(3, f, 'ok'))).toMatchObject({ [invariant]: 'false' });
  });
});
