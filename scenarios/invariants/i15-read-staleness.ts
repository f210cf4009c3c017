/**
 * I15: no read is staler than L1's TTL plus the time an invalidation takes, outages included. Staleness of a read is
 * measured from the end of the first acknowledged write that it does not show to the read's start.
 */
import { numberField, textField } from '../../reports/history/fields.ts';
import { staleForMs } from './limits.ts';
import { acknowledgesTurn, generalKey } from './operations.ts';
import type { Operation } from '../../reports/history/operation.ts';
import { conclude, type Checker, type Finding } from '../../reports/checkers/checker.ts';
import { Frontiers } from '../../reports/checkers/frontier.ts';

const identity = { invariant: 'I15', title: 'No read is staler than L1 allows' };

interface View {
  readonly entity: string;
  readonly quantity: 'version' | 'turn';
  readonly shown: number;
}

export const readStaleness: Checker = {
  ...identity,
  check: (history, evidence) => {
    const allowedMs = staleForMs(evidence);
    const acknowledged = acknowledgedWritesOf(history);
    const findings: Finding[] = [];
    let compared = 0;
    let stale = 0;
    let maxMs = 0;
    for (const operation of history) {
      if (operation.type !== 'ok') continue;
      for (const view of viewsOf(operation)) {
        const key = `${view.quantity} ${view.entity}`;
        if (!acknowledged.has(key)) continue;
        compared += 1;
        const write = acknowledged.firstAbove(key, view.shown);
        if (write === undefined) continue;
        const staleMs = operation.startedMs - write.endedMs;
        if (staleMs > 0) stale += 1;
        maxMs = Math.max(maxMs, staleMs);
        if (staleMs > allowedMs) findings.push(tooStale(operation, write, view, staleMs, allowedMs));
      }
    }
    return conclude(identity, 'always', evidence, {
      findings,
      checked: `${compared} reads of written entities: ${stale} were stale, at most ${Math.round(maxMs)} ms (${allowedMs} ms are allowed)`,
      missing: compared === 0 ? 'no entity that was read had an acknowledged write' : null,
    });
  },
};

function acknowledgedWritesOf(history: readonly Operation[]): Frontiers {
  const acknowledged = new Frontiers();
  for (const operation of history) {
    if (operation.type !== 'ok') continue;
    if (operation.f === 'reserve' || operation.f === 'train') {
      acknowledged.add(
        `version general ${generalKey(operation)}`,
        numberField(operation, 'version'),
        operation,
      );
    } else if (acknowledgesTurn(operation)) {
      const turn = numberField(operation, 'turn');
      acknowledged.add(`turn session ${textField(operation, 'sessionId')}`, turn, operation);
    }
  }
  return acknowledged;
}

/** What an operation shows of entities. A turn is a write to the session and to each of its generals. */
function viewsOf(operation: Operation): View[] {
  if (operation.f === 'read-session') {
    const entity = `session ${textField(operation, 'sessionId')}`;
    return [{ entity, quantity: 'turn', shown: numberField(operation, 'turn') }];
  }
  if (operation.f !== 'read-general') return [];
  return [
    {
      entity: `general ${generalKey(operation)}`,
      quantity: 'version',
      shown: numberField(operation, 'version'),
    },
    {
      entity: `session ${textField(operation, 'sessionId')}`,
      quantity: 'turn',
      shown: numberField(operation, 'lastTurn'),
    },
  ];
}

function tooStale(
  operation: Operation,
  write: Operation,
  view: View,
  staleMs: number,
  allowedMs: number,
): Finding {
  const written = numberField(write, view.quantity);
  return {
    definite: true,
    witness: () => ({
      summary: `a ${operation.f} showed ${view.quantity} ${view.shown} of ${view.entity}, ${Math.round(staleMs)} ms after ${view.quantity} ${written} was acknowledged (${allowedMs} ms are allowed)`,
      operations: [write, operation],
      facts: { entity: view.entity, shown: view.shown, acknowledged: written, staleMs, allowedMs },
    }),
  };
}
