/** How the target behaved after an injection, in a form in which equal behaviour is equal text: the answer, and the calls that followed. */
import type { Operation } from '../../reports/history/operation.ts';
import type { FaultRecord } from '../../reports/record/report.ts';
import type { Trace, TracedCommand } from '../../reports/trace/trace.ts';
import { isUpkeep, shapeKey, shapeOf } from './call.ts';

export interface Hit {
  /** The operation that met the injection, and when; null when none was under way. */
  readonly operation: Operation | null;
  readonly atMs: number;
  readonly answer: string;
  /** Equal for two injections after which the target behaved alike, whatever the kind of operation. */
  readonly signature: string;
}

/** Where an injection acted on no operation, what its process did within this time is its behaviour. */
const byItselfMs = 500;

/** What the injection hit; null when it did not act. `expected`: the kind of operation that it was meant
 * for. `isOwn` tells the calls of an operation from those of others that were under way with it. */
export function hitOf(
  { parameters, effect }: FaultRecord,
  trace: Trace,
  operations: readonly Operation[],
  expected: string | null,
  isOwn: (shape: string, operation: string | null) => boolean,
): Hit | null {
  const atMs = effect.measures['atMs'];
  if (!effect.observed || atMs === undefined) return null;
  const under = operations.filter(({ startedMs, endedMs }) => startedMs - 1 <= atMs && atMs <= endedMs + 1);
  const operation = expected === null ? null : (under.find(({ f }) => f === expected) ?? under[0] ?? null);
  const role = String(parameters['role']);
  const process = `${role}-${effect.measures['instance']}`;
  const untilMs = operation?.endedMs ?? atMs + byItselfMs;
  const calls = trace.commands.filter(
    (other) =>
      processOf(trace, other) === process &&
      // The command itself began before, or never reached the store.
      other.startedMs > atMs &&
      other.startedMs <= untilMs &&
      !isUpkeep(other.command),
  );
  const shapes = [...new Set(calls.map((call) => shapeKey(shapeOf(call, role))))]
    .filter((shape) => isOwn(shape, operation?.f ?? null))
    .toSorted();
  const answer = operation === null ? 'none' : answerOf(operation);
  return { operation, atMs, answer, signature: `${answer} | ${shapes.join('; ')}` };
}

/** Without the words of the transport, which depend on when exactly a connection ended. */
function answerOf({ type, value, error = '' }: Operation): string {
  const { status } = value;
  return typeof status !== 'number' || status === 0
    ? `${type} no answer`
    : `${type} ${status} ${error}`.trim();
}

function processOf({ head }: Trace, { proxy }: TracedCommand): string {
  return head.proxies[proxy]?.process ?? '';
}
