/**
 * Rules a recording client must keep, or the checkers reason from a history that never was: a process does one thing
 * at a time, and none after an operation whose end it does not know. What breaks them is a fault of the harness.
 */
import type { Operation } from './operation.ts';

const problemsMax = 20;

/** Problems in words, at most 20; empty when the history is well formed. */
export function pairingProblems(history: readonly Operation[]): string[] {
  const problems: string[] = [];
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
    own.sort((left, right) => left.startedMs - right.startedMs || left.endedMs - right.endedMs);
    let previous: Operation | undefined;
    for (const operation of own) {
      if (previous?.type === 'info') {
        problems.push(
          `${describe(operation)} follows ${describe(previous)}, which ended info: the process must not go on`,
        );
      } else if (previous !== undefined && operation.startedMs < previous.endedMs) {
        problems.push(
          `${describe(operation)} started before ${describe(previous)} of the same process had ended`,
        );
      }
      previous = operation;
    }
  }
  return problems.slice(0, problemsMax);
}

function describe(operation: Operation): string {
  return `${operation.f} of process ${operation.process} at ${operation.startedMs} ms`;
}
