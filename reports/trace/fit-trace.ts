/** Makes a trace fit into a budget: what lies around the given times stays, then the latest of the rest; what had to go is told by its times. */
import type { Trace, TracedCommand } from './trace.ts';

export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** `bytesOf` measures a command as it would be written. */
export function fitTrace(
  trace: Trace,
  around: readonly TimeSpan[],
  bytesMax: number,
  bytesOf: (command: TracedCommand) => number,
): Trace {
  const ranked = trace.commands
    .map((command, index) => ({ command, index, bytes: bytesOf(command), near: isNear(command, around) }))
    .toSorted((left, right) => Number(right.near) - Number(left.near) || right.index - left.index);
  const kept = new Set<number>();
  let bytes = 0;
  for (const each of ranked) {
    if (bytes + each.bytes > bytesMax) break;
    bytes += each.bytes;
    kept.add(each.index);
  }
  if (kept.size === trace.commands.length) return trace;
  const dropped = spansOf(trace.commands, kept);
  return {
    head: { ...trace.head, dropped: [...trace.head.dropped, ...dropped] },
    commands: trace.commands.filter((_, index) => kept.has(index)),
  };
}

/** A trace as the lines of its file. */
export function traceLines({ head, commands }: Trace): string[] {
  return [head, ...commands].map((line) => JSON.stringify(line));
}

function isNear({ startedMs, endedMs }: TracedCommand, around: readonly TimeSpan[]): boolean {
  return around.some(({ fromMs, toMs }) => (endedMs ?? startedMs) >= fromMs && startedMs <= toMs);
}

/** Runs of commands that are not kept, as times. */
function spansOf(commands: readonly TracedCommand[], kept: ReadonlySet<number>): TimeSpan[] {
  const spans: { fromMs: number; toMs: number }[] = [];
  let open: { fromMs: number; toMs: number } | undefined;
  for (const [index, { startedMs }] of commands.entries()) {
    if (kept.has(index)) {
      open = undefined;
    } else if (open === undefined) {
      open = { fromMs: startedMs, toMs: startedMs };
      spans.push(open);
    } else {
      open.toMs = startedMs;
    }
  }
  return spans;
}
