/**
 * No read is older than a bound. A read is held against what was acknowledged before it began, against what other readers were shown before it
 * began, and against changes that were acknowledged after a version had been seen: such a change left a higher one.
 */
import type { Operation } from '../history/operation.ts';
import type { Evidence } from '../record/evidence.ts';
import type { Finding, Identity, Rule } from './checker.ts';
import { ruleOf } from './checker.ts';
import { Frontiers } from './frontier.ts';
import type { OperationFilter } from './select.ts';
import { namesOf } from './select.ts';

/** A number of an entity that only grows, such as its version. */
export interface Quantity {
  readonly entity: string;
  readonly quantity: string;
}

export interface View extends Quantity {
  readonly value: number;
}

export interface NoStaleReadsOptions extends Partial<Identity> {
  readonly reads: Pick<OperationFilter, 'f'>;
  /** What a read that ended `ok` shows. */
  readonly views: (operation: Operation) => readonly View[];
  /** What an operation that ended `ok` proves to be in effect; what it shows when absent. */
  readonly proves?: (operation: Operation) => readonly View[];
  /** Milliseconds that caches may lag. */
  readonly boundMs: (evidence: Evidence) => number;
  /** What an operation that ended `ok` raised by one at least. */
  readonly raises?: (operation: Operation) => readonly Quantity[];
  /** What quantities began with: needed to know what they were raised to. */
  readonly initial?: (evidence: Evidence) => readonly View[];
  /** What they ended at. What was raised beyond is missing, which is no fault of the reads. */
  readonly final?: (evidence: Evidence) => readonly View[];
}

export function noStaleReads(options: NoStaleReadsOptions): Rule {
  const { invariant = 'no-stale-reads', title = 'No read is older than the caches may be' } = options;
  const names = new Set(namesOf(options.reads));
  const covers = { operations: Object.fromEntries([...names].map((f) => [f, ['*']])) };
  return ruleOf({ invariant, title }, 'always', covers, (history, evidence) => {
    const allowedMs = options.boundMs(evidence);
    const known = knownOf(options, names, history, evidence);
    const findings: Finding[] = [];
    let compared = 0;
    let stale = 0;
    let maxMs = 0;
    for (const operation of history) {
      if (operation.type !== 'ok' || !names.has(operation.f)) continue;
      for (const view of options.views(operation)) {
        if (known.moved(keyOf(view))) compared += 1;
        const newer = known.firstAbove(keyOf(view), view.value);
        if (newer === undefined) continue;
        const staleMs = operation.startedMs - newer.endedMs;
        if (staleMs > 0) stale += 1;
        maxMs = Math.max(maxMs, staleMs);
        if (staleMs > allowedMs) findings.push(tooStale(operation, newer, view, { staleMs, allowedMs }));
      }
    }
    return {
      findings,
      checked: `${compared} reads of what had changed: ${stale} were stale, at most ${Math.round(maxMs)} ms (${allowedMs} ms are allowed)`,
      missing: compared === 0 ? 'nothing that was read had changed' : null,
    };
  });
}

function keyOf({ entity, quantity }: Quantity): string {
  return `${quantity} ${entity}`;
}

/** What was known of each quantity by when. */
class Known extends Frontiers {
  readonly #first = new Map<string, number>();
  readonly #moved = new Set<string>();

  note(key: string, value: number, operation: Operation, isRead: boolean): void {
    const first = this.#first.get(key);
    if (first === undefined) this.#first.set(key, value);
    if (!isRead || (first !== undefined && first !== value)) this.#moved.add(key);
    this.add(key, value, operation);
  }

  /** True for what was written, or was seen to differ. */
  moved(key: string): boolean {
    return this.#moved.has(key);
  }
}

function knownOf(
  options: NoStaleReadsOptions,
  reads: ReadonlySet<string>,
  history: readonly Operation[],
  evidence: Evidence,
): Known {
  const { views, proves = views, raises } = options;
  const known = new Known();
  const limits = new Map(options.final?.(evidence).map((view) => [keyOf(view), view.value]));
  const highest = new Map(
    options.initial?.(evidence).map((view) => [keyOf(view), [{ endedMs: -Infinity, value: view.value }]]),
  );
  const add = (key: string, value: number, operation: Operation) => {
    known.note(key, value, operation, reads.has(operation.f));
    if (raises === undefined) return;
    const steps = highest.get(key);
    const step = { endedMs: operation.endedMs, value };
    if (steps === undefined) highest.set(key, [step]);
    else if (value > (steps.at(-1)?.value ?? -Infinity)) steps.push(step);
  };
  const inOrder =
    raises === undefined ? history : history.toSorted((left, right) => left.endedMs - right.endedMs);
  for (const operation of inOrder) {
    if (operation.type !== 'ok') continue;
    for (const view of proves(operation)) add(keyOf(view), view.value, operation);
    for (const quantity of raises?.(operation) ?? []) {
      const key = keyOf(quantity);
      const before = highest.get(key)?.findLast(({ endedMs }) => endedMs < operation.startedMs);
      if (before === undefined || before.value >= (limits.get(key) ?? Infinity)) continue;
      add(key, before.value + 1, operation);
    }
  }
  return known;
}

function tooStale(
  operation: Operation,
  newer: Operation,
  { entity, quantity, value }: View,
  times: { readonly staleMs: number; readonly allowedMs: number },
): Finding {
  return {
    definite: true,
    witness: () => ({
      summary: `a ${operation.f} showed ${quantity} ${value} of ${entity}, ${Math.round(times.staleMs)} ms after a ${newer.f} had shown or made a later one (${times.allowedMs} ms are allowed)`,
      operations: [newer, operation],
      facts: { entity, [quantity]: value, ...times },
    }),
  };
}
