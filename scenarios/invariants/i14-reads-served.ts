/**
 * I14: reads that can be served are served while Redis is down. The database alone can answer every read, so while it
 * and the API are well, no read may fail, whatever is done to Redis or to a daemon. And however broken everything is, "there is no such
 * thing" is never the answer about something that is there: a reader would believe it.
 */
import { statusOf, textField } from '../../reports/history/fields.ts';
import { generalKey, isRead } from './operations.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import type { FaultRecord } from '../../reports/record/report.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { documentsOf } from './documents.ts';
import { mayBeUnservedForIt, starved } from '../../reports/checkers/starvation.ts';

const identity = { invariant: 'I14', title: 'Reads are served while Redis is down' };

export const readsServed: Checker = {
  ...identity,
  check: (history, evidence) => {
    const redisFaults = evidence.faults.filter(isRedisFault);
    const otherFaults = evidence.faults.filter((fault) => !isRedisFault(fault) && !isAside(fault));
    const afterMs = requestsAfterHealing * evidence.limits.requestDeadlineMs;
    const exists = existingEntities(history, evidence);
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
      else if (operation.type !== 'ok' && isOutage(operation, evidence)) {
        if (mayBeUnservedForIt(evidence, operation)) unserved += 1;
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
  const [fault] = redisFaults;
  if (fault !== undefined && during === 0) return `no read was made during ${fault.fault}`;
  return null;
}

/**
 * Whoever had lost MongoDB or an API process finds it again within two requests: in the first his look at a server that hung may still
 * be under way, for as long as a request may take, and in the second he looks anew.
 */
const requestsAfterHealing = 2;

/** What concerns only processes that no read passes through. */
const aside = /^(?:clock-jump$|db-sync-|turn-processor-)/;

function isAside({ fault }: FaultRecord): boolean {
  return aside.test(fault);
}

function isRedisFault(fault: FaultRecord): boolean {
  return fault.fault.startsWith('redis-');
}

/** `afterMs`: how long after healing the fault may still be felt. */
function touches(operation: Operation, fault: FaultRecord, afterMs: number): boolean {
  return operation.endedMs >= fault.appliedMs && operation.startedMs <= fault.healedMs + afterMs;
}

/** A read that got no answer, or an error. */
function isOutage(operation: Operation, evidence: Evidence): boolean {
  const status = statusOf(operation);
  // A client that is stopped at the end of the load cuts its own request off.
  if (status === 0) return operation.endedMs < evidence.loadEndMs;
  return status >= 500;
}

type Exists = (operation: Operation) => boolean;

/** A "not found" about something that was there. */
function isDenial(operation: Operation, exists: Exists): boolean {
  return operation.type !== 'ok' && statusOf(operation) === 404 && exists(operation);
}

/** Whether an entity asked for was there when it was asked for; read on first use. */
function existingEntities(history: readonly Operation[], evidence: Evidence): Exists {
  let inDatabase: Exists | undefined;
  let firstSeenMs: ReadonlyMap<string, number> | undefined;
  return (operation) => {
    inDatabase ??= indexEntities(evidence);
    if (!inDatabase(operation)) return false;
    if (operation.f !== 'read-general') return true;
    // Generals may be hired during the load; then only one that somebody had met before was there for certain.
    firstSeenMs ??= firstSightings(history);
    const seenMs = firstSeenMs.get(generalKey(operation));
    return !history.some(({ f }) => f === 'hire') || (seenMs !== undefined && seenMs <= operation.startedMs);
  };
}

/** When each general was first known to be there: the end of the first operation on him that succeeded. */
function firstSightings(history: readonly Operation[]): Map<string, number> {
  const seen = new Map<string, number>();
  for (const operation of history) {
    if (operation.type !== 'ok' || typeof operation.value['no'] !== 'number') continue;
    const key = generalKey(operation);
    seen.set(key, Math.min(seen.get(key) ?? Infinity, operation.endedMs));
  }
  return seen;
}

function indexEntities(evidence: Evidence): (operation: Operation) => boolean {
  const numbered = (collection: string, field: string) =>
    new Set(
      documentsOf(evidence, collection).map(
        (document) => `${String(document['session_id'])}/${String(document[field])}`,
      ),
    );
  const sessions = new Set(documentsOf(evidence, 'sessions').map((session) => session['_id']));
  const sets = new Map([
    ['read-city', { field: 'city', ids: numbered('cities', 'city') }],
    ['read-general', { field: 'no', ids: numbered('generals', 'no') }],
    ['read-nation', { field: 'nation', ids: numbered('nations', 'nation') }],
  ]);
  return (operation) => {
    const session = textField(operation, 'sessionId');
    const set = sets.get(operation.f);
    return set === undefined
      ? sessions.has(session)
      : set.ids.has(`${session}/${String(operation.value[set.field])}`);
  };
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
      summary: `a ${operation.f} of session ${textField(operation, 'sessionId')} was answered 404 ${when}, and what it asked for is there`,
      operations: [operation],
      facts: { status: 404, error: operation.error ?? null, fault: fault?.fault ?? null },
    }),
  };
}
