/** The tables of an exploration, for every form in which it is rendered. */
import type { Injection, InjectionResult } from './exploration.ts';

export interface CallRow extends Pick<Injection, 'call' | 'operation' | 'scenario'> {
  readonly byFault: ReadonlyMap<string, Injection>;
}

/** A row for each call of each operation, by operation. */
export function callRows(injections: readonly Injection[]): CallRow[] {
  const groups = Map.groupBy(injections, ({ scenario, operation, call }) =>
    JSON.stringify([scenario, operation, call]),
  );
  return [...groups]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, own]) => {
      const [first] = own;
      if (first === undefined) return [];
      const { scenario, operation, call } = first;
      return [{ scenario, operation, call, byFault: new Map(own.map((each) => [each.fault, each])) }];
    });
}

const faultOrder: readonly string[] = [
  'cut-before',
  'lose-reply',
  'kill-before',
  'kill-after',
  'pause',
  'late-command',
  'late-reply',
];

/** The columns: faults of connections and processes first, then the errors of the stores. */
export function faultsOf(injections: readonly Injection[]): string[] {
  const names = [...new Set(injections.map(({ fault }) => fault))].toSorted();
  const known = faultOrder.filter((name) => names.includes(name));
  return [...known, ...names.filter((name) => !known.includes(name))];
}

export const resultMarks: Readonly<Record<InjectionResult, string>> = {
  survived: '✓',
  violated: '✗',
  undecided: '?',
  skipped: '=',
  'not reached': '-',
  'not tried': '·',
};

/** Empty for a fault that cannot happen at the call. */
export function marksOf(injection: Injection | undefined): string {
  return injection === undefined ? '' : resultMarks[injection.result];
}

export interface Ranked {
  readonly call: string;
  readonly violated: number;
  /** How many faults, under which. */
  readonly text: string;
}

/** The calls that are not survived, whatever the operation, the one under most faults first. */
export function ranking(injections: readonly Injection[]): Ranked[] {
  const violated = injections.filter(({ result }) => result === 'violated');
  return [...Map.groupBy(violated, ({ call }) => call)]
    .map(([call, own]) => ({
      call,
      violated: own.length,
      text: `${own.length} ${own.length === 1 ? 'injection' : 'injections'} (${[...new Set(own.map(({ fault }) => fault))].join(', ')})`,
    }))
    .toSorted((one, other) => other.violated - one.violated);
}
