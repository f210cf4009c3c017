/**
 * Rules that a recorded history keeps, or the checkers reason from one that never was: no line is cut off or there twice, no operation ends before it
 * starts, and a process does one thing at a time, and none after an operation whose end it does not know. What breaks them is a fault of the
 * recording, so nothing can be said about the target.
 */
import type { Operation } from './operation.ts';

const problemsMax = 20;

/** In words, at most 20; empty when the history is well formed. `truncatedAtLine`: its last line was cut off there. */
export function historyProblems(
  history: readonly Operation[],
  truncatedAtLine: number | null = null,
): string[] {
  const problems: string[] = [];
  if (truncatedAtLine !== null) problems.push(`it ends in the middle of line ${truncatedAtLine}`);
  const byProcess = new Map<number, Operation[]>();
  for (const operation of history) {
    if (operation.endedMs < operation.startedMs) {
      problems.push(
        `${describe(operation)} ended ${operation.startedMs - operation.endedMs} ms before it started`,
      );
    }
    const own = byProcess.get(operation.process);
    if (own === undefined) byProcess.set(operation.process, [operation]);
    else own.push(operation);
  }
  for (const own of byProcess.values()) {
    if (problems.length >= problemsMax) break;
    problems.push(...processProblems(own));
  }
  return problems.slice(0, problemsMax);
}

function processProblems(own: Operation[]): string[] {
  own.sort((left, right) => left.startedMs - right.startedMs || left.endedMs - right.endedMs);
  return own.flatMap((operation, index) => {
    const previous = own[index - 1];
    if (previous === undefined) return [];
    if (isSameLine(previous, operation)) return [`the line of ${describe(operation)} is there twice`];
    if (previous.type === 'info')
      return [
        `${describe(operation)} follows ${describe(previous)}, which ended info: the process must not go on`,
      ];
    if (operation.startedMs < previous.endedMs)
      return [`${describe(operation)} started before ${describe(previous)} of the same process had ended`];
    return [];
  });
}

/** A process can do the same again within a millisecond, but not at the same intended time. */
function isSameLine(left: Operation, right: Operation): boolean {
  return (
    left.startedMs === right.startedMs &&
    left.endedMs === right.endedMs &&
    left.intendedMs === right.intendedMs &&
    left.f === right.f &&
    left.type === right.type &&
    JSON.stringify(left.value) === JSON.stringify(right.value)
  );
}

function describe(operation: Operation): string {
  return `${operation.f} of process ${operation.process} at ${operation.startedMs} ms`;
}
