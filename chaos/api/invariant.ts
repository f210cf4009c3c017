/** An invariant as a plain function: what was asked and answered, and what the stores hold at the end, to a list of contradictions. */
import { type Checker, conclude } from '../../reports/checkers/checker.ts';
import type { Operation } from '../../reports/history/operation.ts';
import { UsageError } from '../errors.ts';
import type { Evidence } from '../../reports/record/evidence.ts';

/** What the stores held at the final reads. */
export interface FinalState {
  /** Documents of a collection; empty when there are none. Dates are ISO texts, identifiers their text. */
  documents(collection: string): readonly Readonly<Record<string, unknown>>[];
  /** Keys of Redis that match the pattern; `value` is parsed where it is JSON, and null for what is no string. */
  keys(pattern: RegExp): readonly { readonly key: string; readonly type: string; readonly value: unknown }[];
}

/** One contradiction. `operations` are shown with it, a few are enough. */
export interface Violation {
  /** A sentence that names what is wrong, such as `order 7 was charged 2 times`. */
  readonly summary: string;
  readonly operations?: readonly Operation[];
  readonly facts?: Readonly<Record<string, unknown>>;
}

export interface InvariantDefinition {
  readonly name: string;
  /** By default the name. */
  readonly title?: string;
  /** `always` also judges a target that did not reach rest; `at-rest`, the default, says `unknown` then. */
  readonly holds?: 'always' | 'at-rest';
  /** Pure: it is run again when a stored run is judged anew. */
  readonly check: (operations: readonly Operation[], state: FinalState) => readonly Violation[];
}

export function invariant(definition: InvariantDefinition): Checker {
  const { name, title = name, holds = 'at-rest' } = definition;
  const identity = { invariant: name, title };
  return {
    ...identity,
    check: (history, evidence) => {
      const violations = violationsOf(definition, history, finalState(evidence));
      return conclude(identity, holds, evidence, {
        findings: violations.map(({ summary, operations = [], facts = {} }) => ({
          definite: holds === 'always',
          witness: () => ({ summary, operations: [...operations], facts: { ...facts } }),
        })),
        checked: `${history.length} operations`,
        missing: history.some(({ type }) => type === 'ok') ? null : 'no operation was acknowledged',
      });
    },
  };
}

/** Throws UsageError when the function itself fails: the target has no part in that. */
function violationsOf(
  { name, check }: InvariantDefinition,
  history: readonly Operation[],
  state: FinalState,
): readonly Violation[] {
  try {
    return check(history, state);
  } catch (error) {
    throw new UsageError(
      `invariant "${name}", check: it threw ${describeThrown(error)}`,
      'correct the function',
      {
        cause: error,
      },
    );
  }
}

/** The error and where in the user's file it came from. */
function describeThrown(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = /\((file:[^)]+)\)|at (file:\S+)/.exec(error.stack ?? '');
  const where = place?.[1] ?? place?.[2];
  return `${error.name}: ${error.message}${where === undefined ? '' : ` (${where})`}`;
}

function finalState({ database, cache }: Evidence): FinalState {
  return {
    documents: (collection) => database[collection] ?? [],
    keys: (pattern) => cache.filter(({ key }) => pattern.test(key)),
  };
}
