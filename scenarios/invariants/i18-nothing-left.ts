/**
 * I18: at rest nothing is left of the work: no lock, no key that never ends, no save that waits, no connection in use, no commands in the background, and no more rows
 * than requests account for. And each process shows the same world, by every route, as the database holds.
 */
import type { Evidence } from '../../reports/record/evidence.ts';
import { sameJson } from '../../reports/record/same-json.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { growth } from '../../reports/checkers/growth.ts';
import { entityName, isEntityCollection } from './document-names.ts';
import { documentsOf, isRecord, nameOf, type Document } from './documents.ts';

const identity = { invariant: 'I18', title: 'At rest nothing is left, and every route shows the database' };

/**
 * Rows beside the world: a request is remembered once, and a lock has one row, which daemons too take for what falls due. A process keeps some
 * connections for its requests; those of requests that are over are used again.
 */
const grown = growth({
  keys: {},
  documents: {
    answered_requests: { fixed: 10, perOperation: 1 },
    fences: { fixed: 200, perOperation: 3 },
  },
  // Those of its pool (DATABASE_POOL_SIZE), and of the driver's own monitoring.
  connections: 30,
});

export const nothingLeft: Checker = {
  ...identity,
  check: (history, evidence) => {
    const { lastReads } = evidence;
    const shown = recordsOf(lastReads?.['shown']);
    const surroundings = recordsOf(lastReads?.['surroundings']);
    return conclude(identity, 'at-rest', evidence, {
      findings: [
        ...keyFindings(evidence),
        ...grown.examine(history, evidence).findings,
        ...(lastReads === undefined ? [] : uncached(evidence)),
        ...surroundings.flatMap(gaugeFindings),
        ...commandFindings(lastReads?.['redisCommandsPerSecond']),
        ...shown.flatMap((one) => shownFindings(one, evidence)),
      ],
      checked: `${evidence.cache.length} keys end by themselves, ${surroundings.length} processes hold nothing back, and ${shown.length} answers show the database`,
      missing: lastReads === undefined ? 'what the processes show at rest was not read' : null,
    });
  },
};

function recordsOf(value: unknown): readonly Document[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function finding(summary: string, facts: Record<string, unknown>): Finding {
  return { definite: false, witness: () => ({ summary, operations: [], facts }) };
}

/** The only keys that stay. */
const lasting: ReadonlySet<string> = new Set(['cache:epoch', 'daemons:heartbeats', 'sync:queue']);

function keyFindings({ cache }: Evidence): Finding[] {
  return cache.flatMap(({ key, ttlMs }) => {
    if (key.includes(':lock:')) return [finding(`${key} is held at rest`, { key, ttlMs })];
    if (key === 'sync:dead')
      return [finding('saves that could not be read lie among the dead letters', { key })];
    return ttlMs === -1 && !lasting.has(key) ? [finding(`${key} never expires`, { key, ttlMs })] : [];
  });
}

/** Of an entry that was written since the load began. */
const ttlShareMin = 0.25;

/** What was read a moment ago is cached, for as long as it is configured: a cache that forgets, or keeps nothing, serves as well as none. */
function uncached({ cache, database, limits, loadStartMs, quiescedMs }: Evidence): Finding[] {
  const { l2TtlMs } = limits;
  if (l2TtlMs === undefined || quiescedMs === null || quiescedMs - loadStartMs > l2TtlMs / 2) return [];
  const cached = new Map(cache.map(({ key, ttlMs }) => [key, ttlMs]));
  return (database['sessions'] ?? []).flatMap((session) => {
    const key = `session:byId:${nameOf(session)}`;
    const ttlMs = cached.get(key);
    if (ttlMs !== undefined && ttlMs >= l2TtlMs * ttlShareMin && ttlMs <= l2TtlMs) return [];
    const what = ttlMs === undefined ? 'is not cached' : `is cached for ${ttlMs} ms`;
    return [
      finding(`${key} was read and ${what}, and entries live for ${l2TtlMs} ms`, { key, ttlMs, l2TtlMs }),
    ];
  });
}

/** The most of each at rest: a process polls the database, one query after the other. */
const figuresMax: Readonly<Record<string, number>> = {
  opensam_cache_owed_deletions: 0,
  opensam_mongodb_connections_in_use: 2,
  opensam_redis_breaker_state: 0,
  opensam_saves_unconfirmed: 0,
};

export function gaugeFindings({ metrics, health }: Document): Finding[] {
  const figures = isRecord(metrics) ? metrics : {};
  const said = isRecord(health) ? health : {};
  const instance = String(said['instance'] ?? 'a process');
  const expected = { status: 200, redis: 'up', mongo: 'up', breaker: 'closed', unconfirmedSaves: 0 };
  return [
    ...Object.entries(figuresMax).flatMap(([name, most]) => {
      const value = figures[name];
      if (typeof value === 'number' && value <= most) return [];
      return [finding(`${name} of ${instance} is ${String(value)} at rest`, { instance, metrics })];
    }),
    ...Object.entries(expected).flatMap(([field, value]) =>
      said[field] === value
        ? []
        : [
            finding(
              `the health of ${instance} says ${field} ${String(said[field])} at rest, instead of ${value}`,
              { health },
            ),
          ],
    ),
  ];
}

/** A system at rest polls and beats; each process some tens of times a second. */
const commandsPerSecondMax = 1_000;

function commandFindings(perSecond: unknown): Finding[] {
  if (typeof perSecond !== 'number' || perSecond <= commandsPerSecondMax) return [];
  return [finding(`Redis is sent ${perSecond} commands a second by a system at rest`, { perSecond })];
}

/** An answer of a route for one entity or for a list. */
function shownFindings({ path, status, data }: Document, evidence: Evidence): Finding[] {
  const [, session = '', list, number] =
    /^\/api\/sessions\/([^/]+)(?:\/(\w+))?(?:\/(\d+))?$/.exec(String(path)) ?? [];
  const documents = documentsOf(evidence, list ?? 'sessions');
  const stored =
    list === undefined
      ? documents.filter((one) => nameOf(one) === session)
      : documents.filter((one) =>
          number === undefined
            ? one['session_id'] === session
            : isEntityCollection(list) && nameOf(one) === entityName(list, session, number),
        );
  if (stored.length === 0)
    return status === 404
      ? []
      : [
          finding(`${String(path)} was answered ${String(status)}, and there is no such thing`, {
            path,
            status,
          }),
        ];
  if (status !== 200)
    return [finding(`${String(path)} was answered ${String(status)} at rest`, { path, status })];
  const answered = new Map(
    (Array.isArray(data) ? data : [data]).filter(isRecord).map((one) => [nameOf(one), one]),
  );
  const absent = stored.find((one) => !answered.has(nameOf(one)));
  if (absent !== undefined || answered.size !== stored.length)
    return [
      finding(
        `${String(path)} shows ${answered.size} entities, and the database has ${stored.length}${absent === undefined ? '' : `, such as ${nameOf(absent)}`}`,
        { path, shown: [...answered.keys()].slice(0, 10) },
      ),
    ];
  return stored.flatMap((one) => differences(String(path), answered.get(nameOf(one)) ?? {}, one));
}

function differences(path: string, answered: Document, stored: Document): Finding[] {
  const differing = Object.keys({ ...answered, ...stored }).filter(
    (field) => field !== '__v' && !sameJson(answered[field] ?? null, stored[field] ?? null),
  );
  const [first] = differing;
  if (first === undefined) return [];
  return [
    finding(
      `${path} shows ${first} ${JSON.stringify(answered[first] ?? null)} of ${nameOf(stored)}, and the database has ${JSON.stringify(stored[first] ?? null)}`,
      { path, differing, shown: answered['version'], stored: stored['version'] },
    ),
  ];
}
