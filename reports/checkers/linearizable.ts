/**
 * Whether the operations on each object could have happened one after the other: some order that respects real time, takes in every `ok`, any of
 * those whose end is not known and none that failed, explains all answers and the final state. The search is that of Wing and Gong (1993) with Lowe's memory
 * (2017), one object at a time.
 */
import { isUnclear } from '../history/fields.ts';
import type { Operation } from '../history/operation.ts';
import { checkLinearizable } from '../linearizability/linearizable.ts';
import type { Call, Model } from '../linearizability/model.ts';
import type { Evidence } from '../record/evidence.ts';
import { sameJson } from '../record/same-json.ts';
import { type Coverage, type Finding, type Identity, type Rule, ruleOf } from './checker.ts';
import {
  coveredFields,
  describeOperation,
  type Document,
  keyOfOperation,
  namesOf,
  type OfOperation,
  type OperationFilter,
  selectorOf,
} from './select.ts';

/**
 * What came of an operation in a state. `answer` holds the fields of the operation's value that the object decides; an `ok` with others is
 * impossible. `impossible` says why the operation cannot have ended so in this state.
 */
export type Applied<State> =
  | { readonly state: State; readonly answer?: Document }
  | { readonly impossible: string };

/** One object that does one thing at a time. States are plain JSON: two that are written alike are the same. */
export interface ObjectModel<State> {
  readonly initial: (key: string, evidence: Evidence) => State;
  readonly apply: (state: State, operation: Operation) => Applied<State>;
  /** What the final state has to show; needed with `final`. */
  readonly show?: (state: State) => unknown;
  /** Whether the final reads may be of this state; by default when they are what it shows. */
  readonly matches?: (state: State, found: unknown) => boolean;
}

/** Work that the target did by itself. One with an infinite end may have been done or not. */
export interface HiddenOperation {
  readonly key: string;
  readonly operation: Operation;
}

export interface LinearizableOptions<State> extends Partial<Identity> {
  readonly operations: OperationFilter;
  readonly key: OfOperation;
  readonly model: ObjectModel<State>;
  /** Operations that change nothing in any state; knowing them makes the search short. */
  readonly reads?: (operation: Operation) => boolean;
  /** Failed operations whose refusal tells something of the state: the model says in which states they are possible. */
  readonly observes?: (operation: Operation) => boolean;
  readonly hidden?: (history: readonly Operation[], evidence: Evidence) => readonly HiddenOperation[];
  /** What the final reads show of each object. It is compared at rest, and an object without operations must be as it was. */
  readonly final?: (evidence: Evidence) => ReadonlyMap<string, unknown>;
  /** States tried for one object before nothing is said of it. */
  readonly statesMax?: number;
  readonly covers?: Coverage;
}

const statesMaxByDefault = 200_000;
const operationsShownMax = 6;

type Action =
  | { readonly kind: 'operation'; readonly operation: Operation; readonly read: boolean }
  | { readonly kind: 'final'; readonly shown: unknown };

export function linearizable<State>(options: LinearizableOptions<State>): Rule {
  const { invariant = 'linearizable', title = 'Operations on each object can be put in an order' } = options;
  const covers = options.covers ?? {
    operations: Object.fromEntries(
      namesOf(options.operations).map((f) => [f, coveredFields(options.key)] as const),
    ),
  };
  return ruleOf({ invariant, title }, 'at-rest', covers, (history, evidence) => {
    const { findings, undecided, objects, calls } = searchAll(options, history, evidence);
    return {
      findings,
      checked: `${calls} operations on ${objects} objects can be put in an order that explains every answer`,
      missing:
        undecided.length > 0
          ? `the order of the operations on ${undecided[0]} could not be decided within ${options.statesMax ?? statesMaxByDefault} states${undecided.length > 1 ? ` (and of ${undecided.length - 1} more objects)` : ''}`
          : calls === 0
            ? 'no such operation was made'
            : null,
    };
  });
}

interface Outcome {
  readonly findings: Finding[];
  readonly undecided: string[];
  readonly objects: number;
  readonly calls: number;
}

function searchAll<State>(
  options: LinearizableOptions<State>,
  history: readonly Operation[],
  evidence: Evidence,
): Outcome {
  const { model, statesMax = statesMaxByDefault } = options;
  const byKey = callsByKey(options, history, evidence);
  const final = evidence.quiescedMs === null ? undefined : options.final?.(evidence);
  const outcome = { findings: [] as Finding[], undecided: [] as string[], objects: 0, calls: 0 };
  const lastMs = history.reduce((latest, { endedMs }) => Math.max(latest, endedMs), evidence.quiescedMs ?? 0);
  for (const key of new Set([...byKey.keys(), ...(final?.keys() ?? [])])) {
    const calls = byKey.get(key) ?? [];
    outcome.objects += 1;
    outcome.calls += calls.length;
    const observed: Call<Action>[] =
      final === undefined
        ? []
        : [
            {
              action: { kind: 'final', shown: final.get(key) },
              startedMs: lastMs + 1,
              endedMs: lastMs + 1,
              source: null,
            },
          ];
    const searched = engineModel(model, model.initial(key, evidence));
    const result = checkLinearizable(searched, [...calls, ...observed], { statesMax });
    if (result.linearizable === 'unknown') outcome.undecided.push(key);
    if (result.linearizable !== false) continue;
    const { stuckAt, longestOrder } = result;
    outcome.findings.push({
      // The final reads of one object are one document; answers alone are wrong at any moment.
      definite: stuckAt.action.kind === 'operation',
      witness: () => witnessOf(options, evidence, key, stuckAt, longestOrder),
    });
  }
  return outcome;
}

function callsByKey<State>(
  options: LinearizableOptions<State>,
  history: readonly Operation[],
  evidence: Evidence,
): ReadonlyMap<string, readonly Call<Action>[]> {
  const { key: select, reads, observes } = options;
  const isOwn = selectorOf(options.operations);
  const byKey = new Map<string, Call<Action>[]>();
  const add = (key: string, call: Call<Action>) => {
    const calls = byKey.get(key);
    if (calls === undefined) byKey.set(key, [call]);
    else calls.push(call);
  };
  for (const operation of history) {
    if (!isOwn(operation)) continue;
    const unclear = isUnclear(operation);
    const read = reads?.(operation) === true;
    if (unclear && read) continue;
    const observed = operation.type === 'fail' && !unclear && observes?.(operation) === true;
    if (operation.type === 'fail' && !unclear && !observed) continue;
    const key = keyOfOperation(operation, select);
    if (key === null) continue;
    const { startedMs } = operation;
    const endedMs = unclear ? Number.POSITIVE_INFINITY : operation.endedMs;
    const action = { kind: 'operation', operation, read: read || observed } as const;
    add(key, { action, startedMs, endedMs, source: operation });
  }
  for (const { key, operation } of options.hidden?.(history, evidence) ?? []) {
    const { startedMs, endedMs } = operation;
    add(key, { action: { kind: 'operation', operation, read: false }, startedMs, endedMs, source: null });
  }
  return byKey;
}

function engineModel<State>(model: ObjectModel<State>, initial: State): Model<State, Action> {
  return {
    initial,
    step: (state, action) => {
      const applied = applyAction(model, state, action);
      return 'impossible' in applied ? null : { state: applied.state };
    },
    isRead: (action) => action.kind === 'final' || action.read,
    stateKey: (state) => JSON.stringify(state),
  };
}

function applyAction<State>(model: ObjectModel<State>, state: State, action: Action): Applied<State> {
  if (action.kind === 'final') {
    const expected = model.show?.(state);
    const matches = model.matches?.(state, action.shown);
    if (matches ?? sameJson(normal(expected), normal(action.shown))) return { state };
    return {
      impossible: `the final state is ${JSON.stringify(action.shown ?? null)}, and should be ${JSON.stringify(expected ?? null)}`,
    };
  }
  const { operation } = action;
  const applied = model.apply(state, operation);
  if ('impossible' in applied || operation.type !== 'ok') return applied;
  const wrong = Object.entries(applied.answer ?? {}).find(
    ([field, expected]) =>
      field in operation.value && !sameJson(normal(expected), normal(operation.value[field])),
  );
  if (wrong === undefined) return applied;
  const [field, expected] = wrong;
  return {
    impossible: `it answered ${field} ${JSON.stringify(operation.value[field])}, and should have answered ${JSON.stringify(expected)}`,
  };
}

/** What is not there and null are the same to a reader. */
function normal(value: unknown): unknown {
  return value === undefined ? null : value;
}

function witnessOf<State>(
  { model }: LinearizableOptions<State>,
  evidence: Evidence,
  key: string,
  stuckAt: Call<Action>,
  longestOrder: readonly Call<Action>[],
) {
  let state = model.initial(key, evidence);
  for (const { action } of longestOrder) {
    const applied = applyAction(model, state, action);
    if ('impossible' in applied) break;
    state = applied.state;
  }
  const applied = applyAction(model, state, stuckAt.action);
  const why = 'impossible' in applied ? applied.impossible : 'it fits in no place of the order';
  const { action } = stuckAt;
  const operations = [...longestOrder.map(({ action: one }) => one), action]
    .flatMap((one) => (one.kind === 'operation' && one.operation.endedMs !== Infinity ? one.operation : []))
    .slice(-operationsShownMax);
  return {
    summary:
      action.kind === 'final'
        ? `${key}: ${why}`
        : `${key}: ${describeOperation(action.operation)} has no place in the order: ${why}`,
    operations,
    facts: {
      object: key,
      stateBefore: state,
      ordered: longestOrder.length,
      found: action.kind === 'final' ? (action.shown ?? null) : action.operation.value,
    },
  };
}
