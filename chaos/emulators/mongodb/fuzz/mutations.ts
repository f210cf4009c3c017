/** Mutations of commands (still well-formed messages) and of the bytes of messages (mostly not). */
import { BSON } from 'bson';
import type { Random } from '../../../random.ts';
import { isDocument } from '../query/bson-value.ts';
import type { Document } from '../storage/contract.ts';
import { corpus, strangeName, strangeValue } from './corpus.ts';

const opMsg = 2013;
const opQuery = 2004;

/** One of the corpus with some values and names replaced, removed or added. */
export function mutatedCommand(random: Random): Document {
  let command: Document = {
    ...random.pick(corpus),
    $db: random.next() < 0.95 ? 'fuzz' : strangeValue(random),
  };
  for (let count = random.integer(0, 3); count > 0; count -= 1) command = mutateDocument(random, command, 0);
  return command;
}

function mutateDocument(random: Random, document: Document, depth: number): Document {
  const names = Object.keys(document);
  const victim = names.length === 0 ? undefined : names[random.integer(0, names.length - 1)];
  const entries = Object.entries(document);
  const draw = random.next();
  if (victim === undefined || draw < 0.15)
    return Object.fromEntries([...entries, [strangeName(random), strangeValue(random)]]);
  return Object.fromEntries(
    entries.flatMap(([name, value]): [string, unknown][] => {
      if (name !== victim) return [[name, value]];
      if (draw < 0.25) return [];
      if (draw < 0.35) return [[strangeName(random), value]];
      return [[name, depth < 5 ? mutateValue(random, value, depth) : strangeValue(random)]];
    }),
  );
}

function mutateValue(random: Random, value: unknown, depth: number): unknown {
  if (random.next() < 0.3) return strangeValue(random);
  if (isDocument(value)) return mutateDocument(random, value, depth + 1);
  if (Array.isArray(value) && value.length > 0) {
    const at = random.integer(0, value.length - 1);
    return value.map((item: unknown, index) => (index === at ? mutateValue(random, item, depth + 1) : item));
  }
  return strangeValue(random);
}

/** undefined when BSON cannot hold the command. */
export function messageOf(command: Document, requestId: number): Buffer | undefined {
  try {
    const body = BSON.serialize(command);
    const message = Buffer.alloc(16 + 5 + body.length);
    message.writeInt32LE(message.length, 0);
    message.writeInt32LE(requestId, 4);
    message.writeInt32LE(opMsg, 12);
    message.set(body, 21);
    return message;
  } catch {
    return undefined;
  }
}

/** Flips, cuts, doubles and overwrites bytes, also those of lengths, flags and types. */
export function mutatedBytes(random: Random, message: Buffer): Buffer {
  let bytes = Buffer.from(message);
  for (let count = random.integer(1, 4); count > 0; count -= 1) {
    const at = random.integer(0, Math.max(0, bytes.length - 1));
    const draw = random.next();
    if (draw < 0.35) bytes[at] = random.integer(0, 255);
    else if (draw < 0.5) bytes = bytes.subarray(0, at);
    else if (draw < 0.65)
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - random.integer(1, 40)))]);
    else if (bytes.length >= at + 4)
      bytes.writeInt32LE(
        random.pick([0, -1, 1, 5, 16, 0x7fffffff, -0x80000000, bytes.length, opMsg, opQuery, 2012]),
        at,
      );
    if (bytes.length === 0) return bytes;
  }
  if (random.next() < 0.6 && bytes.length >= 16) bytes.writeInt32LE(bytes.length, 0);
  return bytes;
}
