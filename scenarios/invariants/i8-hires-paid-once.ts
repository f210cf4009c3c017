/**
 * I8: each hire created one general and was paid once. A general is known by the name his hire gave him, unique in a run; what a
 * nation paid is what it has less than it was seeded with, in gold and in people.
 */
import { isUnclear, numberField, textField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { documentsOf, nameOf, numberOf, textOf, type Document } from './documents.ts';
import { reckonGold } from './gold-ledger.ts';
import { suspectsOf } from './suspects.ts';
import { preservedFindings } from './world.ts';

const identity = { invariant: 'I8', title: 'Each hire created one general and was paid once' };

export const hiresPaidOnce: Checker = {
  ...identity,
  check: (history, evidence) => {
    const hires = history.filter(({ f }) => f === 'hire');
    const generals = generalsByName(evidence);
    const untold = untoldGeneral(hires, evidence);
    const findings = [
      ...preservedFindings(evidence, 'generals', 'nations'),
      ...hireFindings(hires, generals, evidence),
    ];
    if (untold === null) {
      findings.push(...paymentFindings(hires, generals, evidence), ...goldFindings(hires, history, evidence));
    }
    const acknowledged = hires.filter(({ type }) => type === 'ok').length;
    return conclude(identity, 'at-rest', evidence, {
      findings,
      checked: `${acknowledged} acknowledged hires created a general each, and ${hires.length} attempts were paid as often as they created one`,
      missing: missingReason(acknowledged, untold, evidence),
    });
  },
};

type ByName = ReadonlyMap<string, readonly Document[]>;

function generalsByName(evidence: Evidence): ByName {
  return Map.groupBy(
    documentsOf(evidence, 'generals'),
    (general) => `${textOf(general, 'session_id')}/${String(general['name'])}`,
  );
}

function hireFindings(hires: readonly Operation[], generals: ByName, evidence: Evidence): Finding[] {
  return hires.flatMap((hire) => generalFindings(hire, generals.get(hireKey(hire)) ?? [], evidence));
}

/** Hires that were acknowledged without a general, and the like. */
export function lostHires(history: readonly Operation[], evidence: Evidence): Finding[] {
  const hires = history.filter(({ f }) => f === 'hire');
  return hires.length === 0 ? [] : hireFindings(hires, generalsByName(evidence), evidence);
}

function missingReason(acknowledged: number, untold: Document | null, evidence: Evidence): string | null {
  if (acknowledged === 0) return 'no hire was acknowledged';
  if (evidence.initial === undefined) return 'what the nations were seeded with was not read';
  return untold === null
    ? null
    : `no line of the history tells who hired ${nameOf(untold)}: the history is not complete`;
}

function hireKey(hire: Operation): string {
  return `${textField(hire, 'sessionId')}/${textField(hire, 'name')}`;
}

/** A general who is neither of the seeded world nor of the history. */
function untoldGeneral(hires: readonly Operation[], evidence: Evidence): Document | null {
  const names = new Set(hires.map(hireKey));
  const seeded = new Set((evidence.initial?.['generals'] ?? []).map(nameOf));
  return (
    documentsOf(evidence, 'generals').find(
      (general) =>
        !seeded.has(nameOf(general)) &&
        !names.has(`${textOf(general, 'session_id')}/${String(general['name'])}`),
    ) ?? null
  );
}

function generalFindings(hire: Operation, found: readonly Document[], evidence: Evidence): Finding[] {
  const least = hire.type === 'ok' ? 1 : 0;
  const most = hire.type === 'ok' || isUnclear(hire) ? 1 : 0;
  const name = textField(hire, 'name');
  const [first] = found;
  const summary =
    found.length < least || found.length > most
      ? `the hire of "${name}" ended ${hire.type} and there are ${found.length} generals of that name`
      : first === undefined
        ? null
        : wrongGeneral(hire, first, evidence);
  if (summary === null) return [];
  return [
    {
      definite: true,
      witness: () => ({
        summary,
        operations: [hire],
        facts: { name, least, most, found: found.map(nameOf) },
      }),
    },
  ];
}

/** What is wrong with the general whom a hire created, or null. */
function wrongGeneral(hire: Operation, general: Document, evidence: Evidence): string | null {
  const what = `the hire of "${textField(hire, 'name')}"`;
  if (hire.type === 'ok' && general['no'] !== hire.value['no'])
    return `${what} was acknowledged as general ${String(hire.value['no'])}, and he is general ${String(general['no'])}`;
  if (evidence.initial?.['generals']?.some((seeded) => nameOf(seeded) === nameOf(general)) === true)
    return `${what} was acknowledged as general ${nameOf(general)}, who had been there before: none was created`;
  const nation = numberField(hire, 'nation');
  const [owner] = documentsOf(evidence, 'nations').filter((one) => nameOf(one) === nationOf(hire));
  // The end of a nation frees its generals.
  const fits =
    general['nation'] === undefined ||
    general['nation'] === nation ||
    (general['nation'] === 0 && owner?.['status'] === 'destroyed');
  return fits
    ? null
    : `${what} for nation ${nation} created a general of nation ${String(general['nation'])}`;
}

/** People are given to generals alone, so each nation's loss is the sum of the hires that took effect. */
function paymentFindings(
  hires: readonly Operation[],
  generals: ReadonlyMap<string, readonly Document[]>,
  evidence: Evidence,
): Finding[] {
  const before = new Map((evidence.initial?.['nations'] ?? []).map((nation) => [nameOf(nation), nation]));
  const given = new Map<string, number>();
  for (const hire of hires) {
    if ((generals.get(hireKey(hire)) ?? []).length === 0) continue;
    const nation = nationOf(hire);
    given.set(nation, (given.get(nation) ?? 0) + numberField(hire, 'population'));
  }
  return documentsOf(evidence, 'nations').flatMap((nation) => {
    const seeded = before.get(nameOf(nation));
    if (seeded === undefined) return [];
    const expected = numberOf(seeded, 'population') - (given.get(nameOf(nation)) ?? 0);
    return paid(hires, nameOf(nation), 'people', expected, numberOf(nation, 'population'));
  });
}

/** Gold of nations, and of the generals hired. */
function goldFindings(
  hires: readonly Operation[],
  history: readonly Operation[],
  evidence: Evidence,
): Finding[] {
  const accounts = [...(reckonGold(history, evidence)?.values() ?? [])];
  const hiring = new Set(hires.map(nationOf));
  return accounts
    .filter(({ owner, hires: moved }) => moved.length > 0 || hiring.has(owner))
    .flatMap(({ owner, expected, found }) => paid(hires, owner, 'gold', expected, found));
}

function paid(
  hires: readonly Operation[],
  owner: string,
  what: string,
  expected: number,
  found: number,
): Finding[] {
  if (found === expected) return [];
  return [
    {
      definite: false,
      witness: () => ({
        summary: `${owner} has ${found} ${what} and should have ${expected}, by the generals that were hired`,
        operations: suspectsOf(
          hires.filter(
            (hire) =>
              nationOf(hire) === owner ||
              `${textField(hire, 'sessionId')}:g${String(hire.value['no'])}` === owner,
          ),
        ),
        facts: { owner, what, expected, found },
      }),
    },
  ];
}

function nationOf(hire: Operation): string {
  return `${textField(hire, 'sessionId')}:n${numberField(hire, 'nation')}`;
}
