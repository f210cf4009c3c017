/**
 * Which operation a command was made for. The proxies see commands and the clients see operations; the two have only the time in common. A command belongs
 * to an operation when the process noted so, or else when it began while that operation alone was under way, and its process serves requests.
 */
import type { Operation } from '../../reports/history/operation.ts';
import { operationName, type Trace, type TracedCommand } from '../../reports/trace/trace.ts';
import { type CallShape, isUpkeep, shapeKey, shapeOf } from './call.ts';

export interface Roles {
  /** Role of a process, by its name. */
  of(process: string): string | undefined;
  /** Roles whose processes answer the clients. */
  readonly serving: ReadonlySet<string>;
}

/** One call as it was seen. */
export interface SeenCall {
  readonly shape: CallShape;
  readonly command: TracedCommand;
  readonly process: string;
  /** Index in the history; null for what a process did by itself. */
  readonly operation: number | null;
  /** Which call of its shape within the operation, counted from 1; always 1 outside of one. */
  readonly nth: number;
}

/** Milliseconds by which the clocks of client and proxy may differ in rounding. */
const roundingMs = 1;
/** Calls that are made outside of operations at least this often, compared to within, are made by the process itself. */
const byItselfShare = 0.4;

/** In the order in which they began. What drivers send to keep connections is left out. */
export function attribute(trace: Trace, operations: readonly Operation[], roles: Roles): SeenCall[] {
  const windows = operations
    .map(({ startedMs, endedMs }, index) => ({
      fromMs: startedMs - roundingMs,
      toMs: endedMs + roundingMs,
      index,
    }))
    .toSorted((one, other) => one.fromMs - other.fromMs);
  const indexes = new Map(operations.map((operation, index) => [operationName(operation), index]));
  const seen = trace.commands.flatMap((command) => {
    const process = trace.head.proxies[command.proxy]?.process ?? '';
    const role = roles.of(process);
    if (role === undefined || isUpkeep(command.command) || command.target.startsWith('redcliff:')) return [];
    const shape = shapeOf(command, role);
    const noted = indexes.get(command.operation ?? '');
    if (noted !== undefined) return [{ shape, command, process, under: 1, operation: noted }];
    const under = roles.serving.has(role)
      ? windows.filter((window) => covers(window, command.startedMs))
      : [];
    const alone = under.length === 1 ? (under[0]?.index ?? null) : null;
    return [{ shape, command, process, under: under.length, operation: alone }];
  });
  const byItself = madeByItself(seen, windows);
  const counts = new Map<string, number>();
  return seen.flatMap(({ shape, command, process, under, operation }) => {
    const key = shapeKey(shape);
    const alone = byItself.has(key) ? null : operation;
    // Which of several operations it was made for is not known.
    if (under > 1 && !byItself.has(key)) return [];
    const counted = `${alone} ${key}`;
    const nth = alone === null ? 1 : (counts.get(counted) ?? 0) + 1;
    counts.set(counted, nth);
    return [{ shape, command, process, operation: alone, nth }];
  });
}

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

function covers({ fromMs, toMs }: Window, atMs: number): boolean {
  return fromMs <= atMs && atMs <= toMs;
}

/** Shapes that come as often while nothing is asked of the target, in proportion to the time. */
function madeByItself(
  seen: readonly { readonly shape: CallShape; readonly under: number; readonly command: TracedCommand }[],
  windows: readonly Window[],
): ReadonlySet<string> {
  const fromMs = windows[0]?.fromMs ?? 0;
  const toMs = Math.max(fromMs, ...windows.map((window) => window.toMs));
  const busyMs = Math.max(1, busyTime(windows));
  const idleMs = Math.max(1, toMs - fromMs - busyMs);
  const byShape = Map.groupBy(
    seen.filter(({ command }) => covers({ fromMs, toMs }, command.startedMs)),
    ({ shape }) => shapeKey(shape),
  );
  return new Set(
    [...byShape].flatMap(([key, own]) => {
      const idle = own.filter(({ under }) => under === 0).length;
      const expected = ((own.length - idle) / busyMs) * idleMs;
      return idle >= 2 && idle >= byItselfShare * expected ? [key] : [];
    }),
  );
}

/** `windows` in the order of their beginning. */
function busyTime(windows: readonly Window[]): number {
  let total = 0;
  let untilMs = -Infinity;
  for (const { fromMs, toMs } of windows) {
    total += Math.max(0, toMs - Math.max(fromMs, untilMs));
    untilMs = Math.max(untilMs, toMs);
  }
  return total;
}
