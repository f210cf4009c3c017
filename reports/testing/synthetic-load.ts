/**
 * A seeded stand-in for a load on the system, for tests of reports: clients read and write two sessions,
 * faults slow them down and turn some away, and the database ends as the acknowledged writes left it.
 */
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';
import type { FaultRecord } from '../record/report.ts';
import { seededRandom, type Random } from '../statistics/random.ts';

export interface SyntheticLoad {
  readonly seed: string;
  readonly loadStartMs: number;
  readonly seconds: number;
  readonly ratePerSecond: number;
  readonly faults: readonly FaultRecord[];
  /** Multiplies every latency, for comparisons. */
  readonly slowdown?: number;
}

const sessions = ['s1', 's2'];
const generalsPerSession = 12;
const clients = 16;

type Database = Record<string, Record<string, unknown>[]>;

interface General {
  version: number;
  actions: number;
  readonly orders: Record<string, string>;
}

export function syntheticLoad(load: SyntheticLoad): { history: Operation[]; database: Database } {
  const random = seededRandom(`load ${load.seed}`);
  const world = new World();
  const history: Operation[] = [];
  const freeAtMs = Array.from({ length: clients }, () => 0);
  const names = Array.from({ length: clients }, (_, client) => client);
  let nextName = clients;
  const total = load.seconds * load.ratePerSecond;
  for (let index = 0; index < total; index += 1) {
    const intendedMs = load.loadStartMs + (index * 1000) / load.ratePerSecond;
    const client = freeAtMs.indexOf(Math.min(...freeAtMs));
    const startedMs = Math.max(intendedMs, freeAtMs[client] ?? 0);
    const process = names[client] ?? client;
    const operation = world.operate(random, load, { process, intendedMs, startedMs });
    freeAtMs[client] = operation.endedMs;
    if (operation.type === 'info') {
      names[client] = nextName;
      nextName += 1;
    }
    history.push(operation);
  }
  history.sort((left, right) => left.endedMs - right.endedMs);
  return { history, database: world.database() };
}

class World {
  readonly #generals = new Map<string, General>();
  readonly #turns = new Map(sessions.map((session) => [session, 0]));

  operate(
    random: Random,
    load: SyntheticLoad,
    { process, intendedMs, startedMs }: { process: number; intendedMs: number; startedMs: number },
  ): Operation {
    const f =
      ['read-general', 'read-general', 'read-session', 'reserve', 'train', 'read-general'][random.below(6)] ??
      'train';
    const sessionId = sessions[random.below(sessions.length)] ?? 's1';
    const no = 1 + random.below(generalsPerSession);
    const turnDue = f === 'train' && random.below(8) === 0;
    const kind = turnDue ? 'turn' : f;
    const { type, durationMs, status } = fate(random, load, startedMs, kind.startsWith('read'));
    const endedMs = startedMs + durationMs;
    const asked = this.#asked(kind, sessionId, no, process, Math.round(intendedMs), random);
    const value = { ...asked, status, ...(type === 'ok' ? this.#answer(kind, sessionId, no, asked) : {}) };
    const error = type === 'ok' ? {} : { error: type === 'info' ? 'timeout' : 'service_unavailable' };
    return { process, f: kind, type, value, intendedMs, startedMs, endedMs, ...error };
  }

  #asked(
    f: string,
    sessionId: string,
    no: number,
    process: number,
    at: number,
    random: Random,
  ): Record<string, unknown> {
    if (f === 'turn') return { sessionId, turn: (this.#turns.get(sessionId) ?? 0) + 1 };
    if (f === 'read-session') return { sessionId };
    if (f === 'reserve') return { sessionId, no, slot: random.below(8), order: `${process}-${at}` };
    return f === 'train' ? { sessionId, no, amount: 1 + random.below(9) } : { sessionId, no };
  }

  #answer(f: string, sessionId: string, no: number, asked: Record<string, unknown>): Record<string, unknown> {
    const turn = this.#turns.get(sessionId) ?? 0;
    if (f === 'turn') {
      this.#turns.set(sessionId, turn + 1);
      for (let other = 1; other <= generalsPerSession; other += 1)
        this.#general(sessionId, other).version += 1;
      return { outcome: 'applied', currentTurn: turn + 1 };
    }
    if (f === 'read-session') return { turn, version: turn + 1 };
    const general = this.#general(sessionId, no);
    if (f === 'read-general') return { version: general.version, lastTurn: turn, turnsLived: turn };
    general.version += 1;
    general.actions += 1;
    if (f === 'reserve') general.orders[String(asked['slot'])] = String(asked['order']);
    return { version: general.version, actionCount: general.actions };
  }

  #general(sessionId: string, no: number): General {
    const key = `${sessionId}:g${no}`;
    let general = this.#generals.get(key);
    if (general === undefined) {
      general = { version: 1, actions: 0, orders: {} };
      this.#generals.set(key, general);
    }
    return general;
  }

  database(): Database {
    const numbers = Array.from({ length: generalsPerSession }, (_, index) => index + 1);
    return {
      sessions: sessions.map((session) => ({
        _id: session,
        session_id: session,
        turn: this.#turns.get(session) ?? 0,
      })),
      generals: sessions.flatMap((session) =>
        numbers.map((no) => {
          const { version, actions, orders } = this.#general(session, no);
          const turn = this.#turns.get(session) ?? 0;
          const base = { _id: `${session}:g${no}`, session_id: session, no, version };
          return { ...base, turns_lived: turn, last_turn: turn, action_count: actions, orders };
        }),
      ),
      cities: [],
      nations: [],
      turn_log: [...this.#turns].flatMap(([session, turn]) =>
        Array.from({ length: turn }, (_, index) => ({ session_id: session, turn: index + 1 })),
      ),
    };
  }
}

/** How an operation that starts now fares: the faults that are on decide. */
function fate(
  random: Random,
  load: SyntheticLoad,
  startedMs: number,
  read: boolean,
): { type: Operation['type']; durationMs: number; status: number } {
  const active = load.faults.find(
    (fault) => startedMs >= fault.appliedMs && startedMs <= fault.healedMs,
  )?.fault;
  const spread = Math.exp(1.1 * (random.next() + random.next() + random.next() - 1.5));
  const durationMs = 5 * spread * (load.slowdown ?? 1);
  const luck = random.next();
  if (active === undefined) return { type: 'ok', durationMs, status: 200 };
  if (active.startsWith('redis-')) {
    const slow = durationMs * 6 + (active === 'redis-slow' ? 90 : 0);
    if (read || luck > 0.12) return { type: 'ok', durationMs: slow, status: 200 };
    return { type: 'info', durationMs: 900 + 500 * luck, status: 0 };
  }
  if (luck < 0.2) return { type: 'ok', durationMs: durationMs * 10, status: 200 };
  return read || luck < 0.8
    ? { type: 'fail', durationMs: 300 * spread, status: 503 }
    : { type: 'info', durationMs: 1500, status: 0 };
}

export function syntheticEvidence(
  load: SyntheticLoad,
  database: Database,
  { scenario, fault }: { scenario: string; fault: string },
): Evidence {
  const loadEndMs = load.loadStartMs + load.seconds * 1000;
  const generals = database['generals'] ?? [];
  return {
    scenario,
    fault,
    limits: {
      requestDeadlineMs: 1500,
      deadlineToleranceMs: 500,
      l1TtlMs: 1000,
      l2TtlMs: 360_000,
      invalidationMs: 1000,
      recoveryMs: 15_000,
    },
    loadStartMs: load.loadStartMs,
    loadEndMs,
    quiescedMs: loadEndMs + 2000,
    quiesceReason: 'well, queue empty',
    faults: [...load.faults],
    database,
    cache: generals.map((general) => ({
      key: `general:byId:${String(general['session_id'])}:${String(general['_id'])}`,
      type: 'string',
      ttlMs: 300_000,
      value: general,
    })),
    queueLength: 0,
  };
}
