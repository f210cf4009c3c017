/**
 * What was refused did not happen: a name that one write alone sent, and that was answered as failed, appears in no later answer. It needs no
 * mapping, for `uniqueName()` makes such names; a read that asked for the name itself is passed over, because its answer may only repeat it.
 */
import { isUnclear } from '../history/fields.ts';
import type { Operation } from '../history/operation.ts';
import { type Finding, type Identity, type Rule, ruleOf } from './checker.ts';
import { describeOperation, isRecord } from './select.ts';

/** As `uniqueName()` of a script makes them. */
const uniqueName = /(?<!\d)\d{6,}-\d+(?!\d)/;

export function honestOutcomes(identity: Partial<Identity> = {}): Rule {
  const { invariant = 'honest-outcomes', title = 'What was answered as failed did not happen' } = identity;
  return ruleOf({ invariant, title }, 'always', {}, (history) => {
    const refused = refusedNames(history);
    const findings: Finding[] = [];
    let read = 0;
    for (const operation of history) {
      if (operation.type !== 'ok' || operation.answered === undefined) continue;
      read += 1;
      if (refused.size === 0) continue;
      const asked = namesIn(askedOf(operation));
      for (const name of namesIn(answerOf(operation))) {
        const write = refused.get(name);
        if (write === undefined || asked.has(name) || write.startedMs > operation.endedMs) continue;
        refused.delete(name);
        findings.push(dishonest(name, write, operation));
      }
    }
    return {
      findings,
      checked: `of ${refused.size} names whose write was answered as failed, none is in ${read} answers`,
      missing: null,
    };
  });
}

/** Names that one operation alone sent, and that ended `fail` for certain. */
function refusedNames(history: readonly Operation[]): Map<string, Operation> {
  const senders = new Map<string, Operation | null>();
  for (const operation of history)
    for (const name of namesIn(askedOf(operation))) senders.set(name, senders.has(name) ? null : operation);
  const refused = new Map<string, Operation>();
  for (const [name, sender] of senders)
    if (sender !== null && sender.type === 'fail' && !isUnclear(sender)) refused.set(name, sender);
  return refused;
}

function askedOf({ value, answered = [] }: Operation): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([field]) => !answered.includes(field)));
}

function answerOf({ value, answered = [] }: Operation): readonly unknown[] {
  return answered.map((field) => value[field]);
}

/** Every text in it, however deep, that holds a unique name. */
function namesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === 'string' && uniqueName.test(value)) found.add(value);
  else if (Array.isArray(value)) for (const one of value) namesIn(one, found);
  else if (isRecord(value)) for (const one of Object.values(value)) namesIn(one, found);
  return found;
}

function dishonest(name: string, write: Operation, read: Operation): Finding {
  return {
    definite: true,
    witness: () => ({
      summary: `"${name}" was answered as failed, and a later ${read.f} shows it: ${describeOperation(write)}`,
      operations: [write, read],
      facts: { name },
    }),
  };
}
