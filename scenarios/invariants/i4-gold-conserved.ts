/**
 * I4: gold is conserved over players, escrow and treasury, and nothing is negative. The total of each session is compared with
 * that of the seeded world; the accounts that do not fit say where it went.
 */
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { documentsOf, groupBySession, nameOf, numberOf, textOf, type Document } from './documents.ts';
import { reckonGold, type Account } from './gold-ledger.ts';
import { suspectsOf } from './suspects.ts';

const identity = { invariant: 'I4', title: 'Gold is conserved, and nothing is negative' };
/** Where gold is kept, and in which field. */
const purses = [
  ['generals', 'gold'],
  ['nations', 'gold'],
  ['auctions', 'escrow'],
  ['tournaments', 'pool'],
] as const;
const amounts = ['gold', 'rice', 'population', 'experience', 'escrow', 'pool', 'city_count'] as const;
const movingOperations = new Set(['bid', 'hire', 'open-auction', 'play-round', 'settle']);
const accountsShownMax = 5;
const operationsShownMax = 8;

export const goldConserved: Checker = {
  ...identity,
  check: (history, evidence) => {
    const { initial } = evidence;
    const findings = negativeFindings(evidence);
    let total = 0;
    let sessions = 0;
    const accounts = reckonGold(history, evidence);
    if (initial !== undefined && accounts !== null) {
      const before = totalsOf((collection) => initial[collection] ?? []);
      const after = totalsOf((collection) => documentsOf(evidence, collection));
      for (const [session, expected] of before) {
        sessions += 1;
        total += expected;
        const found = after.get(session) ?? 0;
        if (found !== expected) findings.push(totalFinding(history, session, expected, found, accounts));
      }
    }
    return conclude(identity, 'at-rest', evidence, {
      findings,
      checked: `${total} gold of ${sessions} sessions is still there, and nothing is negative`,
      missing: missingReason(history, evidence),
    });
  },
};

function missingReason(history: readonly Operation[], evidence: Evidence): string | null {
  if (evidence.initial === undefined) return 'the gold of the seeded world was not read';
  const played = documentsOf(evidence, 'tournaments').some(
    ({ round }) => typeof round === 'number' && round > 0,
  );
  const moved = history.some(({ f, type }) => type === 'ok' && movingOperations.has(f));
  return moved || played ? null : 'no gold changed hands';
}

function totalsOf(documents: (collection: string) => readonly Document[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const [collection, field] of purses) {
    for (const [session, own] of groupBySession(documents(collection))) {
      const gold = own.reduce((sum, document) => sum + numberOf(document, field), 0);
      totals.set(session, (totals.get(session) ?? 0) + gold);
    }
  }
  return totals;
}

function totalFinding(
  history: readonly Operation[],
  session: string,
  expected: number,
  found: number,
  accounts: ReadonlyMap<string, Account>,
): Finding {
  return {
    definite: false,
    witness: () => {
      const wrong = [...accounts.values()].filter(
        (account) => account.owner.startsWith(`${session}:`) && account.found !== account.expected,
      );
      const [first] = wrong;
      const where =
        first === undefined
          ? 'each account fits by itself'
          : `${first.owner} has ${first.found} and should have ${first.expected}`;
      const more = found > expected ? `${found - expected} too much` : `${expected - found} too little`;
      return {
        summary: `session ${session} has ${found} gold and had ${expected}, ${more}; ${where}`,
        operations: related(history, wrong),
        facts: { session, expected, found, accounts: wrong.slice(0, accountsShownMax) },
      };
    },
  };
}

/** Some of the operations that moved gold of the accounts. */
function related(history: readonly Operation[], accounts: readonly Account[]): Operation[] {
  const owners = new Set(accounts.slice(0, accountsShownMax).map(({ owner }) => owner));
  const auctions = new Set(accounts.slice(0, accountsShownMax).flatMap((account) => account.auctions));
  const moving = history.filter(({ f, value }) => {
    if (!movingOperations.has(f)) return false;
    const session = String(value['sessionId']);
    const people = [value['bidder'], value['seller'], value['no']].map((no) => `${session}:g${String(no)}`);
    return (
      people.some((general) => owners.has(general)) ||
      owners.has(`${session}:n${String(value['nation'])}`) ||
      auctions.has(`${session}:a${String(value['auction'])}`)
    );
  });
  return suspectsOf(moving, operationsShownMax);
}

function negativeFindings(evidence: Evidence): Finding[] {
  const findings: Finding[] = [];
  for (const collection of ['generals', 'nations', 'cities', 'auctions', 'tournaments']) {
    for (const document of documentsOf(evidence, collection)) {
      for (const field of amounts) {
        const amount = document[field];
        if (typeof amount !== 'number' || amount >= 0) continue;
        findings.push({
          definite: true,
          witness: () => ({
            summary: `${nameOf(document)} has ${amount} ${field}`,
            operations: [],
            facts: {
              collection,
              document: nameOf(document),
              session: textOf(document, 'session_id'),
              field,
              amount,
            },
          }),
        });
      }
    }
  }
  return findings;
}
