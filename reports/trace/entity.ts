/** Which commands touched what a witness speaks of, and what they made of its value: by the names and numbers that both mention, for the trace knows no documents of a target. */
import { isRecord } from '../checkers/select.ts';
import type { Operation } from '../history/operation.ts';
import type { Witness } from '../record/report.ts';
import type { TracedCommand } from './trace.ts';

/** Fields that say how an operation went, not what it touched. */
const aboutTheAnswer: ReadonlySet<string> = new Set(['attempts', 'status']);
const textMin = 3;
const valueMax = 300;

/** How many of the things that the witness names a command mentions. */
export function touching(
  witness: Witness,
  operations: readonly Operation[],
): (command: TracedCommand) => number {
  const patterns = new Map<string, (text: string) => boolean>();
  const take = (name: string, value: unknown): void => {
    if (aboutTheAnswer.has(name)) return;
    if (typeof value === 'string' && value.length >= textMin) {
      patterns.set(value, (text) => text.includes(value));
    } else if (typeof value === 'number' && Number.isInteger(value)) {
      // As a field of a document, or as a part of a key.
      const field = `"${name}":${value}`;
      const part = new RegExp(`[:{]${value}(?![0-9])`);
      patterns.set(field, (text) => text.includes(field) || part.test(text));
    } else if (typeof value === 'object' && value !== null) {
      for (const [inner, each] of Object.entries(value)) take(inner, each);
    }
  };
  for (const { value } of operations) take('', value);
  take('', witness.facts);
  const tests = [...patterns.values()];
  return (command) => {
    const text = textOf(command);
    return tests.filter((mentions) => mentions(text)).length;
  };
}

function textOf({ arguments: words, body, target }: TracedCommand): string {
  return words === undefined ? `${target} ${JSON.stringify(body ?? {})}` : `:${words.join(' :')}`;
}

export interface ValuesAround {
  /** What was known of the value before and after the command; null when nothing was. */
  readonly before: string | null;
  readonly after: string | null;
}

/** For each command: the value of its key, or of the documents of its filter, as far as earlier commands told it. */
export function valuesAround(commands: readonly TracedCommand[]): ValuesAround[] {
  const known = new Map<string, string>();
  return commands.map((command) => {
    const place = placeOf(command);
    const before = known.get(place) ?? null;
    const after = valueAfter(command, before);
    if (after === null) known.delete(place);
    else known.set(place, after);
    return { before, after };
  });
}

function placeOf(command: TracedCommand): string {
  if (command.protocol === 'redis') return `redis ${command.target}`;
  return `mongo ${command.target} ${JSON.stringify(filterOf(command))}`;
}

function filterOf({ body = {} }: TracedCommand): unknown {
  const [first] = [body['updates'] ?? body['deletes'] ?? []].flat();
  return body['filter'] ?? body['query'] ?? (isRecord(first) ? first['q'] : undefined) ?? null;
}

function valueAfter(command: TracedCommand, before: string | null): string | null {
  if (command.error !== undefined) return before;
  const { arguments: [, value] = [], reply, body = {} } = command;
  switch (command.command) {
    case 'GET':
    case 'HGETALL':
      return command.endedMs === null ? before : shown(reply ?? 'nothing');
    case 'SET':
      // With NX or XX the answer tells whether it was set.
      return reply === null && command.endedMs !== null ? before : shown(value);
    case 'SETEX':
    case 'PSETEX':
      return shown(command.arguments?.[2]);
    case 'DEL':
    case 'UNLINK':
      return 'nothing';
    case 'INCR':
    case 'DECR':
    case 'INCRBY':
      return shown(reply);
    case 'find':
      return isRecord(reply) && isRecord(reply['cursor']) ? shown(reply['cursor']['firstBatch']) : before;
    case 'findAndModify':
      return isRecord(reply) ? shown(reply['value']) : before;
    case 'insert':
      return shown(body['documents']);
    case 'update': {
      const [first] = [body['updates'] ?? []].flat();
      return isRecord(first) ? `changed by ${shown(first['u'])}` : before;
    }
    case 'delete':
      return 'nothing';
    default:
      return before;
  }
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length <= valueMax ? text : `${text.slice(0, valueMax)}…`;
}
