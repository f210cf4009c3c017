/**
 * I9: each reward was paid exactly once. A tournament's list says what is owed and what was paid; a general's own list says what he
 * was paid, and is written together with the gold: the lists, the gold and the pool must agree.
 */
import { numberField, textField } from '../../reports/history/fields.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { Evidence } from '../../reports/record/evidence.ts';
import { sameJson } from '../../reports/record/same-json.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { documentsOf, isRecord, nameOf, numberOf, textOf, type Document } from './documents.ts';
import { keysOf, wrongAccounts, rewardsOf } from './gold-ledger.ts';
import { suspectsOf } from './suspects.ts';
import { preservedFindings } from './world.ts';
import { saysDone } from './operations.ts';

const identity = { invariant: 'I9', title: 'Each reward was paid exactly once' };

export const rewardsPaidOnce: Checker = {
  ...identity,
  check: (history, evidence) => {
    const rounds = roundsByTournament(history);
    const tournaments = documentsOf(evidence, 'tournaments');
    const paid = paymentsOf(evidence);
    const owed = new Set<string>();
    const findings: Finding[] = [...preservedFindings(evidence, 'tournaments')];
    for (const tournament of tournaments) {
      const own = rounds.get(nameOf(tournament)) ?? [];
      findings.push(
        ...rewardFindings(tournament, paid, owed, own),
        ...poolFindings(tournament, evidence, own),
        ...roundFindings(tournament, own),
        ...contestFindings(tournament, own, evidence),
      );
    }
    findings.push(...unowedFindings(paid, owed), ...goldFindings(history, evidence, rounds));
    return conclude(identity, 'at-rest', evidence, {
      findings,
      checked: `${owed.size} rewards of ${tournaments.length} tournaments were paid once each`,
      missing: missingReason(owed.size, evidence),
    });
  },
};

function roundsByTournament(history: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  return Map.groupBy(
    history.filter(({ f }) => f === 'play-round'),
    (round) => `${textField(round, 'sessionId')}:t${textField(round, 'tournament')}`,
  );
}

function missingReason(rewards: number, evidence: Evidence): string | null {
  if (rewards === 0) return 'no reward was won';
  return evidence.initial === undefined ? 'the gold of the seeded world was not read' : null;
}

/** `{session}:g{no} {key}`: how often that general was paid that reward. */
function paymentsOf(evidence: Evidence): Map<string, number> {
  const paid = new Map<string, number>();
  for (const general of documentsOf(evidence, 'generals')) {
    for (const key of keysOf(general)) {
      const payment = `${nameOf(general)} ${key}`;
      paid.set(payment, (paid.get(payment) ?? 0) + 1);
    }
  }
  return paid;
}

function rewardFindings(
  tournament: Document,
  paid: ReadonlyMap<string, number>,
  owed: Set<string>,
  rounds: readonly Operation[],
): Finding[] {
  return rewardsOf(tournament).flatMap((reward) => {
    const payment = `${textOf(tournament, 'session_id')}:g${numberOf(reward, 'no')} ${textOf(reward, 'key')}`;
    const listedTwice = owed.has(payment);
    owed.add(payment);
    const times = paid.get(payment) ?? 0;
    if (!listedTwice && times === 1 && reward['paid'] === true) return [];
    const wrong = listedTwice
      ? 'is owed twice'
      : `is marked as ${reward['paid'] === true ? 'paid' : 'owed'} and was paid ${times} times`;
    return [
      {
        // What is not paid yet may be paid in time; what was paid twice is wrong at any moment.
        definite: listedTwice || times > 1,
        witness: () => ({
          summary: `reward ${textOf(reward, 'key')} of general ${numberOf(reward, 'no')} in tournament ${nameOf(tournament)} ${wrong}`,
          operations: suspectsOf(rounds),
          facts: { tournament: nameOf(tournament), reward, expectedPayments: 1, foundPayments: times },
        }),
      },
    ];
  });
}

/** Rounds that were acknowledged and are not decided. */
export function lostRounds(history: readonly Operation[], evidence: Evidence): Finding[] {
  const tournaments = new Map(documentsOf(evidence, 'tournaments').map((one) => [nameOf(one), one]));
  return [...roundsByTournament(history)].flatMap(([name, rounds]) => {
    const tournament = tournaments.get(name);
    if (tournament !== undefined) return roundFindings(tournament, rounds);
    const told = rounds.find(({ type }) => type === 'ok');
    if (told === undefined) return [];
    return [
      {
        definite: true,
        witness: () => ({
          summary: `a round of tournament ${name} was acknowledged, and it is not in the database`,
          operations: [told],
          facts: { tournament: name },
        }),
      },
    ];
  });
}

/** The pool is what it was seeded with, less what is marked as paid: one write does both. */
function poolFindings(tournament: Document, evidence: Evidence, rounds: readonly Operation[]): Finding[] {
  const seeded = evidence.initial?.['tournaments']?.find((one) => one['_id'] === tournament['_id']);
  if (seeded === undefined) return [];
  const marked = rewardsOf(tournament).filter((reward) => reward['paid'] === true);
  const expected =
    numberOf(seeded, 'pool') - marked.reduce((sum, reward) => sum + numberOf(reward, 'gold'), 0);
  const found = numberOf(tournament, 'pool');
  if (found === expected) return [];
  return [
    {
      definite: false,
      witness: () => ({
        summary: `the pool of tournament ${nameOf(tournament)} holds ${found} gold and should hold ${expected} after ${marked.length} payments`,
        operations: suspectsOf(rounds),
        facts: { tournament: nameOf(tournament), expected, found, payments: marked.length },
      }),
    },
  ];
}

/** What is owed is what was won: a reward for each win, of the round that it was won in, and a loss in a round that was decided. */
function contestFindings(
  tournament: Document,
  rounds: readonly Operation[],
  { initial }: Evidence,
): Finding[] {
  const participants = Array.isArray(tournament['participants'])
    ? tournament['participants'].filter(isRecord)
    : [];
  const rewards = rewardsOf(tournament);
  const round = numberOf(tournament, 'round');
  const perWin = tournament['reward_per_win'];
  const known = new Set(participants.map(({ no }) => no));
  const before = initial?.['tournaments']?.find((one) => nameOf(one) === nameOf(tournament))?.[
    'participants'
  ];
  const numbers = (list: readonly unknown[]) => list.map((one) => (isRecord(one) ? one['no'] : null));
  const same = !Array.isArray(before) || sameJson(numbers(before), numbers(participants));
  const problems = [
    ...(same ? [] : ['others take part than at the beginning']),
    ...participants.flatMap((one) => {
      const owed = rewards.filter(({ no }) => no === one['no']).length;
      if (typeof one['wins'] === 'number' && one['wins'] !== owed)
        return [`general ${String(one['no'])} won ${one['wins']} fights, and ${owed} rewards are his`];
      const lostIn = one['lost_in'];
      return typeof lostIn === 'number' && lostIn > round
        ? [`general ${String(one['no'])} lost in round ${lostIn}, and ${round} rounds were decided`]
        : [];
    }),
    ...rewards.flatMap((reward) => {
      if (typeof perWin === 'number' && reward['gold'] !== perWin)
        return [
          `reward ${String(reward['key'])} is of ${String(reward['gold'])} gold, and a win is worth ${perWin}`,
        ];
      return known.size > 0 && !known.has(reward['no'])
        ? [`reward ${String(reward['key'])} is general ${String(reward['no'])}'s, who takes no part`]
        : [];
    }),
    ...fightProblems(tournament, participants, round),
  ];
  return problems.map((problem) => ({
    // Round, wins and rewards are one write.
    definite: true,
    witness: () => ({
      summary: `in tournament ${nameOf(tournament)} ${problem}`,
      operations: suspectsOf(rounds),
      facts: { tournament: nameOf(tournament), round, participants, rewards },
    }),
  }));
}

/** In each round half of those who stand lose, an odd one passes, and a tournament with one left is over. */
function fightProblems(tournament: Document, participants: readonly Document[], rounds: number): string[] {
  const { status } = tournament;
  if (typeof status !== 'string') return [];
  const problems: string[] = [];
  let standing = participants.length;
  for (let round = 1; round <= rounds; round += 1) {
    const lost = participants.filter((one) => one['lost_in'] === round).length;
    const expected = Math.floor(standing / 2);
    if (standing <= 1) problems.push(`round ${round} was decided with ${standing} left`);
    else if (lost !== expected)
      problems.push(`${lost} generals lost in round ${round}, of ${standing} who stood, and not ${expected}`);
    standing -= lost;
  }
  const over = standing <= 1;
  if (over !== (status === 'completed'))
    problems.push(`${standing} generals are left, and its status is ${status}`);
  return problems;
}

/** A round that was acknowledged is decided, and was decided once. */
function roundFindings(tournament: Document, rounds: readonly Operation[]): Finding[] {
  const round = numberOf(tournament, 'round');
  const answered = rounds.filter(({ type }) => type === 'ok');
  const beyond = answered.find((operation) => numberField(operation, 'currentRound') > round);
  const behind = answered.find(
    (operation) =>
      saysDone(operation) && numberField(operation, 'currentRound') < numberField(operation, 'round'),
  );
  const applied = Map.groupBy(
    answered.filter(({ value }) => value['outcome'] === 'applied'),
    (operation) => numberField(operation, 'round'),
  );
  const doubled = [...applied].filter(([, operations]) => operations.length > 1);
  return [
    ...(beyond === undefined
      ? []
      : [
          {
            definite: true,
            witness: () => ({
              summary: `tournament ${nameOf(tournament)} was at round ${numberField(beyond, 'currentRound')} and ended at round ${round}`,
              operations: [beyond],
              facts: { tournament: nameOf(tournament), round },
            }),
          },
        ]),
    ...(behind === undefined
      ? []
      : [
          {
            definite: true,
            witness: () => ({
              summary: `round ${numberField(behind, 'round')} of tournament ${nameOf(tournament)} was acknowledged at round ${numberField(behind, 'currentRound')}`,
              operations: [behind],
              facts: { tournament: nameOf(tournament), answer: behind.value },
            }),
          },
        ]),
    ...doubled.map(([number, operations]) => ({
      definite: true,
      witness: () => ({
        summary: `round ${number} of tournament ${nameOf(tournament)} was acknowledged as decided ${operations.length} times`,
        operations: suspectsOf(operations),
        facts: { tournament: nameOf(tournament), round: number, times: operations.length },
      }),
    })),
  ];
}

/** Payments that no tournament owes. */
function unowedFindings(paid: ReadonlyMap<string, number>, owed: ReadonlySet<string>): Finding[] {
  return [...paid.keys()]
    .filter((payment) => !owed.has(payment))
    .map((payment) => ({
      definite: false,
      witness: () => ({
        summary: `general ${payment.replace(' ', ' was paid reward ')}, which no tournament owes him`,
        operations: [],
        facts: { payment },
      }),
    }));
}

/** Accounts that rewards moved, and those that nothing should have moved. */
function goldFindings(
  history: readonly Operation[],
  evidence: Evidence,
  rounds: ReadonlyMap<string, readonly Operation[]>,
): Finding[] {
  return wrongAccounts(history, evidence, 'rewards').map((account) => ({
    definite: false,
    witness: () => ({
      summary: `${account.owner} has ${account.found} gold, and with ${account.rewards.length} rewards it should have ${account.expected}`,
      operations: suspectsOf([...rounds.values()].flat().filter(({ type }) => type === 'info')),
      facts: { ...account },
    }),
  }));
}
