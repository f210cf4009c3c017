/**
 * I17: work goes on. Once everything is healed, whatever is due is done by the daemons themselves, a system reaches rest, and nothing that works for others
 * is refused for ever to one of them. That it was watched for long enough, and had processors, is what makes a `false` of "not yet".
 */
import { isUnserved, numberField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { starved, watchedAfterLoad } from '../../reports/checkers/starvation.ts';
import { isRecord } from './documents.ts';

const identity = { invariant: 'I17', title: 'Work goes on after every fault' };
const operationsShownMax = 6;

export const progress: Checker = {
  ...identity,
  check: (history, evidence) => {
    const stuck = [...unfinished(evidence), ...neverAtRest(evidence)];
    const waited = stuck.length > 0 && wasStarved(evidence);
    const blocked = blockedFindings(history, evidence);
    return conclude(identity, 'always', evidence, {
      findings: [...(waited ? [] : stuck), ...blocked.findings],
      checked: `nothing that was due was left undone${blocked.judged > 0 ? `, and ${blocked.judged} entities were served again` : ''}`,
      missing: waited
        ? starved('work was left undone, and the serving processes waited for a processor meanwhile')
        : evidence.watched === undefined
          ? 'what the daemons do by themselves was not watched'
          : null,
    });
  },
};

/** Other processes than the serving ones are not measured, and share the machine with them. */
const waitedShareMin = 0.25;

/** While work was watched, from the end of the load to that of the measurement. */
function wasStarved(evidence: Evidence): boolean {
  const { watchedMs, waitedMs } = watchedAfterLoad(evidence);
  return watchedMs > 0 && waitedMs >= watchedMs * waitedShareMin;
}

function unfinished({ watched }: Evidence): Finding[] {
  const undone = Array.isArray(watched?.['undone']) ? watched['undone'].filter(isRecord) : [];
  const [first] = undone;
  if (first === undefined) return [];
  const watchedMs = Number(watched?.['endedMs']) - Number(watched?.['startedMs']);
  return [
    {
      definite: true,
      witness: () => ({
        summary: `${String(first['what'])} was not done by itself within ${Math.round(watchedMs)} ms of the load's end${undone.length > 1 ? ` (and ${undone.length - 1} more)` : ''}`,
        operations: [],
        facts: { undone: undone.slice(0, operationsShownMax), watchedMs, processes: watched?.['processes'] },
      }),
    },
  ];
}

function neverAtRest({ quiescedMs, quiesceReason, watched }: Evidence): Finding[] {
  // A run that was not watched may have been recorded for other reasons.
  if (quiescedMs !== null || watched === undefined) return [];
  return [
    {
      definite: true,
      witness: () => ({
        summary: `the system did not reach rest: ${quiesceReason}`,
        operations: [],
        facts: { reason: quiesceReason },
      }),
    },
  ];
}

/** Fewer say nothing of an entity. */
const attemptsMin = 4;
/** Share of the others that must be served meanwhile, so that it is not the system that is down. */
const othersServedMin = 0.9;
/** A request that is under way when a fault is healed, and the one that finds out. */
const requestsAfterHealing = 2;

/** Entities of which nothing was served after the last heal, while the same kind of work on others was. */
function blockedFindings(
  history: readonly Operation[],
  { faults, limits }: Evidence,
): { readonly judged: number; readonly findings: readonly Finding[] } {
  if (faults.length === 0) return { judged: 0, findings: [] };
  const fromMs =
    Math.max(...faults.map(({ healedMs }) => healedMs)) + requestsAfterHealing * limits.requestDeadlineMs;
  const after = history.filter(({ startedMs }) => startedMs > fromMs);
  const failed = new Set(history.filter(isUnserved).flatMap((one) => subjectOf(one) ?? []));
  const bySubject = Map.groupBy(after, (one) => subjectOf(one) ?? '');
  bySubject.delete('');
  const served = after.filter((one) => !isUnserved(one)).length;
  let judged = 0;
  const findings: Finding[] = [];
  for (const [subject, own] of bySubject) {
    if (!failed.has(subject) || own.length < attemptsMin) continue;
    judged += 1;
    const others = after.length - own.length;
    if (!own.every(isUnserved) || others === 0 || served / others < othersServedMin) continue;
    findings.push({
      definite: true,
      witness: () => ({
        summary: `none of ${own.length} operations on ${subject} was served later than ${requestsAfterHealing * limits.requestDeadlineMs} ms after the last heal, while ${served} of ${others} others were`,
        operations: own.slice(0, operationsShownMax),
        facts: { subject, attempts: own.length, others, othersServed: served },
      }),
    });
  }
  return { judged, findings };
}

const subjects: Readonly<Record<string, string>> = {
  bid: 'auction',
  'finish-battle': 'battle',
  occupy: 'city',
  'play-round': 'tournament',
  'read-city': 'city',
  'read-general': 'no',
  'read-nation': 'nation',
  reserve: 'no',
  settle: 'auction',
  train: 'no',
};

function subjectOf(operation: Operation): string | null {
  const field = subjects[operation.f];
  if (field === undefined) return null;
  const { value } = operation;
  const name =
    field === 'no' ? `general ${numberField(operation, 'no')}` : `${field} ${String(value[field])}`;
  return `${name} of ${String(value['sessionId'])}`;
}
