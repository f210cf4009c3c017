/** An exploration for a terminal: the calls that are not survived, the table call × fault, and the score. */
import { table } from '../render/table.ts';
import {
  type Exploration,
  type ExplorationChange,
  type Injection,
  injectionName,
  scoreOf,
} from './exploration.ts';
import { callRows, faultsOf, marksOf, ranking } from './tables.ts';

/** Ends with a line feed. */
export function renderExploration(exploration: Exploration): string {
  const { injections, notExplored, change } = exploration;
  const faults = faultsOf(injections);
  const rows = callRows(injections).map(({ scenario, operation, call, byFault }) => [
    `${scenario}, ${operation ?? '(by itself)'}`,
    call,
    ...faults.map((fault) => marksOf(byFault.get(fault))),
  ]);
  const violated = injections.filter(({ result }) => result === 'violated');
  const undecided = injections.filter(({ result }) => result === 'undecided');
  const worst = ranking(injections);
  return [
    table(['operation', 'call', ...faults], rows),
    '',
    '✓ survived   ✗ violated   ? undecided   = alike, skipped   - not reached   · not tried',
    ...violated.map((injection) => `  ${injectionName(injection)}: ${injection.reason}`),
    ...[...Map.groupBy(undecided, ({ reason }) => reason)].map(
      ([reason, own]) => `  ${own.length} undecided: ${reason}`,
    ),
    ...(worst.length === 0
      ? []
      : ['', 'To harden first:', ...worst.slice(0, 5).map(({ call, text }) => `  ${call}: ${text}`)]),
    ...(notExplored.length === 0
      ? []
      : ['', 'Not explored:', ...notExplored.map(({ what, why }) => `  ${what}: ${why}`)]),
    '',
    ...conclusion(exploration),
    ...(change === undefined ? [] : changeLines(change, 'the baseline')),
    '',
  ].join('\n');
}

/** How many calls more than in `reference` do not survive, and which. */
export function changeLines({ worse, better, unlike }: ExplorationChange, reference: string): string[] {
  return [
    `Not survived, compared with ${reference}: ${worse.length} more, ${better.length} fewer; ${unlike} were decided in only one of the two`,
    ...worse.map((name) => `  now violated: ${name}`),
    ...better.map((name) => `  now survived: ${name}`),
  ];
}

/** The score and how thorough it is, in sentences. */
export function conclusion({
  injections,
  novelty,
  ended,
  seconds,
}: Pick<Exploration, 'ended' | 'injections' | 'novelty' | 'seconds'>): string[] {
  const { survived, decided, undecided, skipped, notReached, notTried } = scoreOf(injections);
  const share = decided === 0 ? 'nothing was decided' : `${((100 * survived) / decided).toFixed(1)} %`;
  const other: readonly (readonly [number, string])[] = [
    [undecided, 'undecided'],
    [skipped, 'skipped as alike'],
    [notReached, 'not reached'],
    [notTried, 'not tried'],
  ];
  return [
    `Resilience score: ${survived} of ${decided} injections survived (${share}); ${
      other
        .filter(([count]) => count > 0)
        .map(([count, what]) => `${count} ${what}`)
        .join(', ') || 'none left out'
    }`,
    `${calls(injections)} calls, ${novelty.injections} injections acted, ${novelty.behaviours} behaviours; one more shows something new with a chance of ${percent(novelty.share)}, at most ${percent(novelty.upTo)}`,
    `It took ${seconds} s; ended because ${ended}`,
  ];
}

function calls(injections: readonly Injection[]): number {
  return callRows(injections).length;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
