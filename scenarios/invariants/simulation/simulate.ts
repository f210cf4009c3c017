/**
 * A run of the simulated world as clients and harness would have recorded it: operations that overlap, answers that are lost with or without
 * effect, effects that come after their client gave up, reads from caches as stale as they may be, outages, and a machine without time.
 */
import type { Operation } from '../../../reports/history/operation.ts';
import type { Evidence } from '../../../reports/record/evidence.ts';
import { seededRandom, type Random } from '../../../reports/statistics/random.ts';
import { evidence as literalEvidence, fault } from '../testing/literal.ts';
import { staleForMs } from '../limits.ts';
import { changes, type Subject } from './changes.ts';
import { drawWorld, session, type World } from './world.ts';

export interface SimulatedRun {
  readonly history: readonly Operation[];
  readonly evidence: Evidence;
}

const loadMs = 60_000;
const lockTtlMs = 2_000;
const mongoDown = fault('mongo-down', [20_000, 26_000]);
const redisDown = fault('redis-down', [40_000, 50_000]);

interface Planned {
  readonly f: string;
  readonly subject: Subject;
  readonly startedMs: number;
  readonly endedMs: number;
  /** When it takes effect if it does; when what it shows was true, for a read. */
  readonly atMs: number;
  readonly end: 'answered' | 'lost' | 'refused';
  /** Of one whose end is not told. */
  readonly effective: boolean;
}

/** `operations`: how many clients make one each. `troubled`: share of answers that are lost or refused beside outages; in a `calm` run there are none. */
export function simulate(seed: string, operations: number, troubled: number, calm = false): SimulatedRun {
  const random = seededRandom(seed);
  const world = drawWorld(random);
  const initial = structuredClone(documentsOf(world));
  const evidence = literalEvidence();
  const { limits } = evidence;
  const staleMs = staleForMs(evidence);
  const starved = random.next() < 0.3 && !calm;
  const plan = Array.from({ length: operations }, (_, index) => {
    return planOne(random, index + 1, { staleMs, troubled, starved, calm });
  });
  const history: Operation[] = [];
  for (const planned of plan.toSorted((left, right) => left.atMs - right.atMs)) {
    history.push(carryOut(world, planned, plan.indexOf(planned) + 1));
  }
  const documents = documentsOf(world);
  return {
    history: history.toSorted((left, right) => left.endedMs - right.endedMs),
    evidence: {
      ...evidence,
      limits: { ...limits, lockTtlMs },
      faults: calm ? [] : random.next() < 0.5 ? [mongoDown, redisDown] : [mongoDown],
      initial,
      database: structuredClone(documents),
      cache: cacheOf(random, documents),
      watched: { startedMs: loadMs, endedMs: loadMs + 10, undone: [], processes: ['api-1'], daemons: [] },
      lastReads: lastReads(),
      lockCommands: lockCommands(random),
      locks: holdings(random),
      fencedWrites: { writes: fencedWrites(world, random), gaps: 0 },
      processorWaits: starved
        ? [{ fromMs: 0, toMs: loadMs * 2, waitedMs: { k6: 1_000, 'api-1': 2_000 }, idleMs: {} }]
        : [],
    },
  };
}

function planOne(
  random: Random,
  name: number,
  {
    staleMs,
    troubled,
    starved,
    calm,
  }: { staleMs: number; troubled: number; starved: boolean; calm: boolean },
): Planned {
  const { f, subject } = drawRequest(random, name);
  const startedMs = random.below(loadMs - 10_000);
  // Up to the deadline with its tolerance, and beyond it when the machine is without time.
  const longest = starved ? 8_500 : 5_500;
  const endedMs = startedMs + random.below(random.next() < 0.1 ? longest : 300);
  const within = startedMs + random.below(endedMs - startedMs + 1);
  const fault = !calm && startedMs <= mongoDown.healedMs && endedMs >= mongoDown.appliedMs;
  const trouble = random.next() < (fault ? 0.5 : troubled);
  if (f.startsWith('read-') || f.startsWith('list-')) {
    const atMs = Math.max(0, within - random.below(random.next() < 0.3 ? staleMs : 1));
    return {
      f,
      subject,
      startedMs,
      endedMs,
      // As stale as the caches may be when the read begins, no more.
      atMs: Math.max(atMs, startedMs - staleMs),
      end: fault && trouble ? 'refused' : 'answered',
      effective: false,
    };
  }
  const end = !trouble ? 'answered' : random.next() < 0.5 ? 'lost' : 'refused';
  const lateMs = end === 'lost' && random.next() < 0.3 ? random.below(5_000) : 0;
  return { f, subject, startedMs, endedMs, atMs: within + lateMs, end, effective: random.next() < 0.5 };
}

function drawRequest(random: Random, name: number): { f: string; subject: Subject } {
  const pick = (count: number) => 1 + random.below(count);
  const requests: readonly (() => { f: string; subject: Subject })[] = [
    () => ({ f: 'reserve', subject: { no: pick(6), slot: random.below(3), order: `${name}-1` } }),
    () => ({ f: 'reserve', subject: { no: pick(6), slot: random.below(3), order: `${name}-1` } }),
    () => ({ f: 'train', subject: { no: pick(6), amount: pick(9) } }),
    () => ({ f: 'read-general', subject: { no: pick(12) } }),
    () => ({ f: 'read-general', subject: { no: pick(6) } }),
    () => ({ f: 'read-session', subject: {} }),
    () => ({ f: 'read-city', subject: { city: pick(8) } }),
    () => ({ f: 'read-nation', subject: { nation: pick(4) } }),
    () => ({ f: 'list-generals', subject: {} }),
    () => ({ f: 'turn', subject: { turn: pick(12) } }),
    () => ({ f: 'occupy', subject: { city: pick(8), no: pick(12) } }),
    () => ({
      f: 'finish-battle',
      subject: { battle: String(pick(5)), wanted: random.next() < 0.7 ? 'attacker' : 'defender' },
    }),
    () => ({ f: 'diplomacy', subject: drawPair(random) }),
    () => ({
      f: 'hire',
      subject: { nation: pick(4), name: `${name}-1`, gold: pick(40), population: pick(40) },
    }),
    () => ({
      f: 'open-auction',
      subject: { seller: pick(12), item: pick(6), startingBid: 1, durationMs: 4_000 },
    }),
    () => ({ f: 'bid', subject: { auction: String(pick(6)), bidder: pick(12), amount: pick(400) } }),
    () => ({ f: 'settle', subject: { auction: String(pick(6)) } }),
    () => ({ f: 'play-round', subject: { tournament: String(pick(2)), round: pick(4) } }),
  ];
  // Rare, or soon nobody is left.
  if (random.next() < 0.002) return { f: 'destroy', subject: { nation: pick(4) } };
  return (requests[random.below(requests.length)] ?? requests[0])?.() ?? { f: 'read-session', subject: {} };
}

function drawPair(random: Random): Subject {
  const from = 1 + random.below(4);
  const state = ['alliance', 'neutral', 'war'][random.below(3)] ?? 'war';
  return { from, to: (from % 4) + 1, state };
}

/** What the world was when a read was served is what it is now, for operations are carried out in the order of these moments. */
function carryOut(world: World, planned: Planned, process: number): Operation {
  const { f, startedMs, endedMs, atMs, end } = planned;
  const { wanted: _, ...subject } = planned.subject;
  const line = (
    type: Operation['type'],
    status: number,
    told: Readonly<Record<string, unknown>> = {},
    error?: string,
  ) => ({
    process,
    f,
    type,
    value: { sessionId: session, ...subject, ...told, status },
    intendedMs: startedMs,
    startedMs,
    endedMs,
    ...(error === undefined ? {} : { error }),
  });
  if (end === 'refused') return line('fail', 503, {}, '503 overloaded');
  const change = changes[f];
  if (change === undefined) return line('ok', 200, view(world, f, planned.subject));
  if (end === 'lost' && !planned.effective) return line('info', 0, {}, 'no answer');
  const outcome = change(world, planned.subject, atMs);
  if (end === 'lost') return line('info', 0, {}, 'no answer');
  if ('refused' in outcome) return line('fail', 409, {}, `409 ${outcome.refused}`);
  return line('ok', 200, outcome.told);
}

function view(world: World, f: string, subject: Subject): Readonly<Record<string, unknown>> {
  if (f === 'read-session') return { id: session, turn: world.turn, version: world.sessionVersion };
  if (f === 'list-generals') return { count: world.generals.length };
  if (f === 'read-city')
    return {
      id: `${session}:c${String(subject['city'])}`,
      version: world.cities.find(({ city }) => city === subject['city'])?.version ?? 0,
    };
  if (f === 'read-nation')
    return {
      id: `${session}:n${String(subject['nation'])}`,
      version: world.nations.find(({ nation }) => nation === subject['nation'])?.version ?? 0,
    };
  const general = world.generals.find(({ no }) => no === subject['no']);
  return {
    id: `${session}:g${String(subject['no'])}`,
    version: general?.version ?? 0,
    lastTurn: general?.last_turn ?? 0,
    turnsLived: general?.turns_lived ?? 0,
  };
}

function documentsOf(world: World): Evidence['database'] {
  const rows = (documents: readonly object[]): Record<string, unknown>[] =>
    documents.map((document) => ({ ...document }));
  return {
    sessions: [{ _id: session, session_id: session, turn: world.turn, version: world.sessionVersion }],
    turn_log: rows(world.turnLog),
    generals: rows(world.generals),
    cities: rows(world.cities),
    nations: rows(world.nations),
    items: rows(world.items),
    auctions: rows(world.auctions),
    battles: rows(world.battles),
    diplomacy: rows(world.relations),
    tournaments: rows(world.tournaments),
    fences: rows(world.fences),
  };
}

function cacheOf(random: Random, documents: Evidence['database']): Evidence['cache'] {
  const kinds = { city: 'cities', general: 'generals', nation: 'nations' } as const;
  const own = {
    key: `session:byId:${session}`,
    type: 'string',
    ttlMs: 300_000,
    value: structuredClone(documents['sessions']?.[0]),
  };
  const others = Object.entries(kinds).flatMap(([kind, collection]) =>
    (documents[collection] ?? [])
      .filter(() => random.next() < 0.5)
      .map((value) => ({
        key: `${kind}:byId:${session}:${kind === 'general' ? String(value['_id']) : String(value[kind])}`,
        type: 'string',
        ttlMs: 1_000,
        value: structuredClone(value),
      })),
  );
  return [own, ...others];
}

/** One process at rest. Its answers are left out, so that a document that is changed is noticed for its own sake. */
function lastReads(): NonNullable<Evidence['lastReads']> {
  const figures = ['cache_owed_deletions', 'mongodb_connections_in_use', 'redis_breaker_state'];
  const health = {
    status: 200,
    redis: 'up',
    mongo: 'up',
    breaker: 'closed',
    unconfirmedSaves: 0,
    instance: 'api-1',
  };
  const metrics = Object.fromEntries([...figures, 'saves_unconfirmed'].map((name) => [`opensam_${name}`, 0]));
  return { shown: [], surroundings: [{ metrics, health }], redisCommandsPerSecond: 40 };
}

/** One holder after the other, and tries between that fail. */
function lockCommands(random: Random): NonNullable<Evidence['lockCommands']> {
  const key = `session:lock:${session}:turn`;
  return Array.from({ length: random.below(6) + 2 }, (_, index) => {
    const startedMs = index * 1_000 + random.below(200);
    const sent = (command: string, given: string[], reply: unknown, atMs: number) => ({
      process: `turn-processor-${1 + random.below(2)}`,
      command,
      arguments: given,
      reply,
      startedMs: atMs,
      endedMs: atMs + 1,
    });
    const take = (token: string, reply: unknown, atMs: number) =>
      sent('SET', [key, token, 'EX', String(lockTtlMs / 1_000), 'NX'], reply, atMs);
    return [
      take(`holder ${index}`, 'OK', startedMs),
      take(`late ${index}`, null, startedMs + 100),
      sent('EVALSHA', ['sha', '1', key, `holder ${index}`], 1, startedMs + 200 + random.below(300)),
    ];
  }).flat();
}

function holdings(random: Random): NonNullable<Evidence['locks']> {
  return Array.from({ length: random.below(6) + 1 }, (_, index) => {
    const ttlMs = random.below(lockTtlMs) + 1;
    const firstSeenMs = random.below(loadMs);
    return {
      key: `${session}:lock:${index % 3}`,
      token: `holder ${index}`,
      ttlMs,
      firstSeenMs,
      lastSeenMs: firstSeenMs + random.below(ttlMs),
    };
  });
}

/** Turns carry their tokens; holders of another lock come one after the other, some of them several times. */
function fencedWrites(world: World, random: Random): NonNullable<Evidence['fencedWrites']>['writes'] {
  const turns = world.turnLog.map(({ turn, token }) => ({
    atMs: turn * 1_000,
    lock: `session:lock:${session}:turn`,
    token,
    document: `sessions/${session}`,
  }));
  let token = 1;
  const others = Array.from({ length: random.below(20) + 4 }, (_, index) => {
    token += random.below(3);
    return {
      atMs: index * 900,
      lock: `city:lock:${session}:1`,
      token,
      document: `fences/city:lock:${session}:1`,
    };
  });
  return [...turns, ...others].toSorted((left, right) => left.atMs - right.atMs);
}
