/**
 * I14: reads that can be served are served while Redis is down. The database alone can answer every read, so while it
 * and the API are well, no read may fail, whatever is done to Redis or to a daemon. And however broken everything is, "there is no such
 * thing" is never the answer about something that is there: a reader would believe it.
 */
import { statusOf, textField } from '../../reports/history/fields.ts';
import { isRead } from './operations.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import type { FaultRecord } from '../../reports/record/report.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { documentsOf } from './documents.ts';
import { machineExcuses, starved } from '../../reports/checkers/starvation.ts';

const identity = { invariant: 'I14', title: 'Reads are served while Redis is down' };

export const readsServed: Checker = {
  ...identity,
  check: (history, evidence) => {
    const redisFaults = evidence.faults.filter(isRedisFault);
    const otherFaults = evidence.faults.filter((fault) => !isRedisFault(fault) && !isAside(fault));
    const afterMs = requestsAfterHealing * evidence.limits.requestDeadlineMs;
    const exists = existingEntities(history, evidence);
    const excuses = machineExcuses(history, evidence);
    const findings: Finding[] = [];
    let judged = 0;
    let excused = 0;
    let during = 0;
    let unserved = 0;
    for (const operation of history) {
      if (!isRead(operation)) continue;
      const broken = otherFaults.find((fault) => touches(operation, fault, afterMs));
      if (broken !== undefined) {
        if (isDenial(operation, exists)) findings.push(denied(operation, broken));
        else excused += 1;
        continue;
      }
      judged += 1;
      const fault = redisFaults.find((candidate) => touches(operation, candidate, 0));
      if (fault !== undefined) during += 1;
      if (isDenial(operation, exists)) findings.push(denied(operation, fault));
      else if (isUnserved(operation, evidence, exists)) {
        if (excuses.mayBeUnserved(operation)) unserved += 1;
        else findings.push(refused(operation, fault));
      }
    }
    return conclude(identity, 'always', evidence, {
      findings,
      checked: `${judged} reads were served${redisFaults.length > 0 ? `, ${during} of them while Redis was disturbed` : ''}${excused > 0 ? `; ${excused} more may fail, for something else was broken` : ''}`,
      missing:
        unserved > 0
          ? starved(`${unserved} reads were not served, and waited for a processor most of their time`)
          : missingReason(judged, redisFaults, during),
    });
  },
};

function missingReason(judged: number, redisFaults: readonly FaultRecord[], during: number): string | null {
  if (judged === 0) return 'no read was made while MongoDB and the processes were well';
  const long = redisFaults.find(({ appliedMs, healedMs }) => healedMs - appliedMs >= readsWithinMs);
  if (long !== undefined && during === 0) return `no read was made during ${long.fault}`;
  return null;
}

/** Scripts make a read at least as often as this. A fault that is over sooner, such as a restart, may pass between two reads. */
const readsWithinMs = 2_000;

/**
 * A client that lost MongoDB or an API process reaches it again within two requests: during the first its check of a server that hung may still be
 * under way, for as long as a request may take; during the second it checks again.
 */
const requestsAfterHealing = 2;

/** What concerns only processes that no read passes through. */
const aside = /^(?:clock-(?:jump|skew)$|db-sync-|(?:auction|battle|tournament|turn)-processor-)/;

function isAside({ fault }: FaultRecord): boolean {
  return aside.test(fault);
}

function isRedisFault(fault: FaultRecord): boolean {
  return fault.fault.startsWith('redis-') || fault.fault === 'api-without-redis';
}

/** `afterMs`: how long after healing the fault may still have an effect. */
function touches(operation: Operation, fault: FaultRecord, afterMs: number): boolean {
  return operation.endedMs >= fault.appliedMs && operation.startedMs <= fault.healedMs + afterMs;
}

/** Statuses that say that the request itself was wrong, whatever the target is like. */
const badRequests: ReadonlySet<number> = new Set([400, 422]);

/** A read of what is there that got no answer, or any other than what it asked for. A refusal serves no more than an error. */
function isUnserved(operation: Operation, evidence: Evidence, exists: Exists): boolean {
  if (operation.type === 'ok') return false;
  const status = statusOf(operation);
  // A client that is stopped at the end of the load cuts its own request off.
  if (status === 0) return operation.endedMs < evidence.loadEndMs;
  return status >= 500 || (!badRequests.has(status) && exists(operation));
}

type Exists = (operation: Operation) => boolean;

/** A "not found" about something that was there, or a list without what was there. */
function isDenial(operation: Operation, exists: Exists): boolean {
  if (operation.type === 'ok') return operation.value['count'] === 0 && exists(operation);
  return statusOf(operation) === 404 && exists(operation);
}

/** Whether what was asked for was there when it was asked for, which nothing takes away; worked out on first use. */
function existingEntities(history: readonly Operation[], evidence: Evidence): Exists {
  let knownSinceMs: ReadonlyMap<string, number> | undefined;
  return (operation) => {
    knownSinceMs ??= sightings(history, evidence);
    return (knownSinceMs.get(subjectOf(operation)) ?? Infinity) <= operation.startedMs;
  };
}

const numbered = [
  ['cities', 'city'],
  ['generals', 'no'],
  ['nations', 'nation'],
] as const;

const general = (session: string, no: unknown) => `${session} no ${String(no)}`;
const generalsOf = (session: string) => `${session} generals`;

/** Since when each entity was known to be there: seeded, or there at the end and made by nobody, or shown or made by an operation that succeeded. */
function sightings(history: readonly Operation[], evidence: Evidence): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  const note = (subject: string, ms: number) =>
    known.set(subject, Math.min(known.get(subject) ?? Infinity, ms));
  const hired = history.some(({ f }) => f === 'hire');
  for (const session of documentsOf(evidence, 'sessions')) note(String(session['_id']), -Infinity);
  for (const [collection, field] of numbered) {
    const final = documentsOf(evidence, collection);
    // Generals may have been hired during the load.
    const certain = collection === 'generals' && hired ? [] : final;
    for (const document of [...(evidence.initial?.[collection] ?? []), ...certain]) {
      const session = String(document['session_id']);
      note(session, -Infinity);
      note(`${session} ${field} ${String(document[field])}`, -Infinity);
      if (collection === 'generals') note(generalsOf(session), -Infinity);
    }
  }
  for (const operation of history) {
    if (operation.type !== 'ok') continue;
    const session = textField(operation, 'sessionId');
    if (isRead(operation) && !operation.f.startsWith('list-')) note(subjectOf(operation), operation.endedMs);
    const { no } = operation.value;
    if (typeof no !== 'number') continue;
    note(general(session, no), operation.endedMs);
    note(generalsOf(session), operation.endedMs);
  }
  return known;
}

/** What a read asks for. */
function subjectOf({ f, value }: Operation): string {
  const session = String(value['sessionId']);
  if (f === 'list-generals') return generalsOf(session);
  const field = numbered.find(([, name]) => f === (name === 'no' ? 'read-general' : `read-${name}`))?.[1];
  return field === undefined ? session : `${session} ${field} ${String(value[field])}`;
}

function refused(operation: Operation, fault: FaultRecord | undefined): Finding {
  const status = statusOf(operation);
  const answer = status === 0 ? 'got no answer' : `was answered ${status}`;
  const when =
    fault === undefined ? 'while nothing was broken' : `during ${fault.fault}, while MongoDB was well`;
  return {
    definite: true,
    witness: () => ({
      summary: `a ${operation.f} of session ${textField(operation, 'sessionId')} ${answer} ${when}`,
      operations: [operation],
      facts: { status, error: operation.error ?? null, fault: fault?.fault ?? null },
    }),
  };
}

function denied(operation: Operation, fault: FaultRecord | undefined): Finding {
  const when = fault === undefined ? 'while nothing was broken' : `during or after ${fault.fault}`;
  return {
    definite: true,
    witness: () => ({
      summary: `a ${operation.f} of session ${textField(operation, 'sessionId')} was answered ${operation.type === 'ok' ? 'with an empty list' : '404'} ${when}, and what it asked for is there`,
      operations: [operation],
      facts: { status: statusOf(operation), error: operation.error ?? null, fault: fault?.fault ?? null },
    }),
  };
}
