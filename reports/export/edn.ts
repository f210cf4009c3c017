/**
 * A history as EDN in Jepsen's shape, an invocation and a completion for each operation, so that Elle and Knossos can
 * read it. Times are nanoseconds since the first start, as theirs are.
 */
import type { Operation } from '../history/operation.ts';

/** One map a line, in order of time. */
export function* ednLines(history: readonly Operation[]): Generator<string> {
  const originMs = history.reduce(
    (least, { startedMs }) => Math.min(least, startedMs),
    Number.POSITIVE_INFINITY,
  );
  for (const [index, { operation, type, timeMs }] of eventsOf(history).entries()) {
    const nanoseconds = Math.round((timeMs - originMs) * 1_000_000);
    const error =
      type !== 'invoke' && operation.error !== undefined ? `, :error ${edn(operation.error)}` : '';
    yield `{:index ${index}, :type :${type}, :process ${operation.process}, :f ${keyword(operation.f)}, :value ${edn(operation.value)}, :time ${nanoseconds}${error}}`;
  }
}

interface Event {
  readonly operation: Operation;
  readonly type: 'invoke' | Operation['type'];
  readonly timeMs: number;
  /** How many operations of the same process ended at this same time before this event. */
  readonly layer: number;
}

/**
 * What happens at the same time is put down as concurrent, invocations before completions, lest a checker take an order
 * from it that was never seen; only a process must have ended one operation before it begins the next.
 */
function eventsOf(history: readonly Operation[]): Event[] {
  const events: Event[] = [];
  const ends = new Map<number, { timeMs: number; layer: number }>();
  const inOrder = history.toSorted(
    (left, right) => left.startedMs - right.startedMs || left.endedMs - right.endedMs,
  );
  for (const operation of inOrder) {
    const { process, startedMs, endedMs } = operation;
    const previous = ends.get(process);
    const startLayer = previous?.timeMs === startedMs ? previous.layer + 1 : 0;
    const endLayer = endedMs === startedMs ? startLayer : 0;
    ends.set(process, { timeMs: endedMs, layer: endLayer });
    events.push({ operation, type: 'invoke', timeMs: startedMs, layer: startLayer });
    events.push({ operation, type: operation.type, timeMs: endedMs, layer: endLayer });
  }
  const isEnd = ({ type }: Event): number => Number(type !== 'invoke');
  return events.sort(
    (left, right) => left.timeMs - right.timeMs || left.layer - right.layer || isEnd(left) - isEnd(right),
  );
}

/** Any JSON value as EDN; keys become keywords when they can. */
export function edn(value: unknown): string {
  if (value === null || value === undefined) return 'nil';
  if (typeof value === 'string') return string(value);
  if (Array.isArray(value)) return `[${value.map(edn).join(' ')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, entry]) => `${keyword(key)} ${edn(entry)}`);
    return `{${entries.join(', ')}}`;
  }
  return String(value);
}

function keyword(name: string): string {
  return /^[a-zA-Z][\w.-]*$/.test(name) ? `:${name}` : string(name);
}

/** EDN knows of JSON's escapes only these. */
function string(text: string): string {
  const escapes = new Map([
    ['"', '\\"'],
    ['\\', '\\\\'],
    ['\n', '\\n'],
    ['\r', '\\r'],
    ['\t', '\\t'],
  ]);
  return `"${text.replace(/["\\\n\r\t]/g, (sign) => escapes.get(sign) ?? sign)}"`;
}
