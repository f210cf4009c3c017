/** The sites of a scenario: each call that an operation of a kind makes, or that a process makes by itself, as an undisturbed pass shows them. */
import type { Operation } from '../../reports/history/operation.ts';
import { type CallTraits, traitsOf } from '../faults/at-call/store-errors.ts';
import type { SeenCall } from './attribution.ts';
import { type CallShape, shapeKey, shapeText } from './call.ts';

export interface Site extends CallShape {
  /** Kind of the operation; null for what a process does by itself. */
  readonly operation: string | null;
  /** Which call of its shape within the operation, counted from 1. */
  readonly nth: number;
  readonly traits: CallTraits;
  /** Name of the site before it in the operation; null for the first call. */
  readonly after: string | null;
  /** The shapes of the calls that follow in the operation, undisturbed. */
  readonly follows: string;
}

/** When a site can be met: an operation that made the call in the undisturbed pass. Times count from the start of the load. */
export interface Occasion {
  readonly site: string;
  readonly operation: number;
  /** The moment after which the fault may be applied, and the moment of the call. */
  readonly fromMs: number;
  readonly atMs: number;
}

export interface Sites {
  readonly byName: ReadonlyMap<string, Site>;
  /** In the order of time. */
  readonly occasions: readonly Occasion[];
}

/** The loops of an operation have many calls of one shape: further ones are like the last of these. */
const nthMax = 3;
/** A fault is applied so long before its call, when no other operation is under way then. */
const leadMs = 15;

export function siteName({
  operation,
  nth,
  ...shape
}: Pick<Site, keyof CallShape | 'nth' | 'operation'>): string {
  return `${operation ?? '(by itself)'}: ${shapeText(shape)}${nth === 1 ? '' : ` #${nth}`}`;
}

/** `loadStartMs` is an epoch time. */
export function sitesOf(
  calls: readonly SeenCall[],
  operations: readonly Operation[],
  loadStartMs: number,
): Sites {
  const byName = new Map<string, Site>();
  const occasions: Occasion[] = [];
  const ends = operations.map(({ endedMs }) => endedMs).toSorted((one, other) => one - other);
  for (const own of Map.groupBy(calls, ({ operation }) => operation).values()) {
    const shapes = own.map(({ shape }) => shapeKey(shape));
    let after: string | null = null;
    for (const [index, call] of own.entries()) {
      const operation = call.operation === null ? undefined : operations[call.operation];
      if (call.operation !== null && (operation === undefined || call.nth > nthMax)) continue;
      const site: Site = {
        ...call.shape,
        operation: operation?.f ?? null,
        nth: call.nth,
        after,
        traits: traitsOf(call.command.command, call.command.body),
        follows: call.operation === null ? '' : shapes.slice(index + 1).join('; '),
      };
      const name = siteName(site);
      after = call.operation === null ? null : name;
      if (!byName.has(name)) byName.set(name, site);
      if (operation === undefined || call.operation === null) continue;
      const before = ends.findLast((endedMs) => endedMs <= operation.startedMs) ?? loadStartMs;
      const fromMs = Math.max(before, operation.startedMs - leadMs) - loadStartMs;
      occasions.push({
        site: name,
        operation: call.operation,
        fromMs: Math.max(0, Math.round(fromMs)),
        atMs: call.command.startedMs - loadStartMs,
      });
    }
  }
  return { byName, occasions: occasions.toSorted((one, other) => one.atMs - other.atMs) };
}
