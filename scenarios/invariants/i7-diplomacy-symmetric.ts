/**
 * I7: diplomacy is symmetric: both directions of a relation say the same, and so do both lists of allies. And what two nations were
 * told of their relation is what it is: the relation of a pair is a register, and its last acknowledged change is there.
 */
import { isUnclear, numberField, textField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { preservedFindings } from './world.ts';
import { documentsOf, nameOf, numberOf, textOf, type Document } from './documents.ts';

const identity = { invariant: 'I7', title: 'Diplomacy is symmetric' };
const operationsShownMax = 6;

/** `low`–`high`: the pair's nations in the order of their numbers. */
type Changes = ReadonlyMap<string, readonly Operation[]>;

export const diplomacySymmetric: Checker = {
  ...identity,
  check: (history, evidence) => {
    const relations = relationsOf(evidence);
    const changes = changesOf(history);
    const findings = [
      ...preservedFindings(evidence, 'diplomacy', 'nations'),
      ...directionFindings(relations, changes),
      ...allyFindings(evidence, relations, changes),
      ...lostChanges(evidence, relations, changes),
    ];
    const acknowledged = history.some(({ f, type }) => f === 'diplomacy' && type === 'ok');
    return conclude(identity, 'at-rest', evidence, {
      findings,
      checked: `${relations.size} directions of relations and the allies of ${documentsOf(evidence, 'nations').length} nations agree, after changes to ${changes.size} pairs`,
      missing: acknowledged ? null : 'no relation was changed',
    });
  },
};

function relationsOf(evidence: Evidence): ReadonlyMap<string, Document> {
  return new Map(documentsOf(evidence, 'diplomacy').map((row) => [rowKey(row), row]));
}

function changesOf(history: readonly Operation[]): Changes {
  return Map.groupBy(
    history.filter(({ f }) => f === 'diplomacy'),
    (change) =>
      pairKey(textField(change, 'sessionId'), numberField(change, 'from'), numberField(change, 'to')),
  );
}

/** Changes of relations that were acknowledged last and are not there. */
export function lostRelations(history: readonly Operation[], evidence: Evidence): Finding[] {
  return lostChanges(evidence, relationsOf(evidence), changesOf(history));
}

function rowKey(row: Document): string {
  return `${textOf(row, 'session_id')}:${numberOf(row, 'from')}-${numberOf(row, 'to')}`;
}

function pairKey(session: string, one: number, other: number): string {
  return `${session}:${Math.min(one, other)}-${Math.max(one, other)}`;
}

/** Written in one transaction, so they may never differ. */
function directionFindings(relations: ReadonlyMap<string, Document>, changes: Changes): Finding[] {
  return [...relations.values()].flatMap((row) => {
    const [session, from, to] = [textOf(row, 'session_id'), numberOf(row, 'from'), numberOf(row, 'to')];
    const back = relations.get(`${session}:${to}-${from}`);
    if (back?.['state'] === row['state'] || (back !== undefined && from > to)) return [];
    return [
      finding(
        `nation ${from} of ${session} is at ${String(row['state'])} with nation ${to}, and the other way round it is ${String(back?.['state'] ?? 'nothing')}`,
        changes.get(pairKey(session, from, to)) ?? [],
        { there: row, back: back ?? null },
      ),
    ];
  });
}

function allyFindings(
  evidence: Evidence,
  relations: ReadonlyMap<string, Document>,
  changes: Changes,
): Finding[] {
  const allied = new Map<string, number[]>();
  for (const row of relations.values()) {
    if (row['state'] !== 'alliance') continue;
    const nation = `${textOf(row, 'session_id')}:n${numberOf(row, 'from')}`;
    allied.set(nation, [...(allied.get(nation) ?? []), numberOf(row, 'to')]);
  }
  return documentsOf(evidence, 'nations').flatMap((nation) => {
    const expected = (allied.get(nameOf(nation)) ?? []).toSorted((left, right) => left - right);
    const listed = nation['allies'];
    const found = Array.isArray(listed) ? listed.map(Number).toSorted((left, right) => left - right) : [];
    if (String(expected) === String(found)) return [];
    const other = [...expected, ...found].find((ally) => !expected.includes(ally) || !found.includes(ally));
    const pair = pairKey(textOf(nation, 'session_id'), numberOf(nation, 'nation'), other ?? 0);
    return [
      finding(
        `nation ${nameOf(nation)} lists the allies [${found.join(', ')}], and is allied with [${expected.join(', ')}]`,
        changes.get(pair) ?? [],
        { nation: nameOf(nation), expected, found },
      ),
    ];
  });
}

function lostChanges(
  evidence: Evidence,
  relations: ReadonlyMap<string, Document>,
  changes: Changes,
): Finding[] {
  const destroyed = new Set(
    documentsOf(evidence, 'nations')
      .filter(({ status }) => status === 'destroyed')
      .map(nameOf),
  );
  return [...changes].flatMap(([pair, own]) => {
    const latest = own
      .filter(({ type }) => type === 'ok')
      .reduce<Operation | undefined>(
        (best, change) => (best === undefined || change.startedMs > best.startedMs ? change : best),
        undefined,
      );
    if (latest === undefined) return [];
    const session = textField(latest, 'sessionId');
    const nations = [numberField(latest, 'from'), numberField(latest, 'to')];
    // The end of a nation ends its relations.
    if (nations.some((nation) => destroyed.has(`${session}:n${nation}`))) return [];
    const found = relations.get(pair)?.['state'] ?? null;
    const explained = own.some(
      (change) =>
        change.value['state'] === found &&
        (isUnclear(change) || (change.type === 'ok' && change.endedMs >= latest.startedMs)),
    );
    if (explained) return [];
    return [
      finding(
        `the change of relation ${pair} to ${textField(latest, 'state')} was acknowledged last, and the database has ${String(found ?? 'nothing')}`,
        [latest],
        { pair, expected: latest.value['state'], found },
      ),
    ];
  });
}

function finding(summary: string, operations: readonly Operation[], facts: Record<string, unknown>): Finding {
  const shown = operations.toSorted((left, right) => left.startedMs - right.startedMs);
  return {
    definite: false,
    witness: () => ({ summary, operations: shown.slice(-operationsShownMax), facts }),
  };
}
