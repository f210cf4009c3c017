/** Scanners find the same messages however the bytes are cut into chunks, and survive whatever bytes they get. */
import { serialize } from 'bson';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../random.ts';
import { MongoMessages } from './mongo-messages.ts';
import { RedisReplies } from './redis-replies.ts';
import { RedisRequests } from './redis-requests.ts';
import type { MessageObserver, Scanner } from './scanner.ts';
import { sniffProtocol } from './sniff.ts';

/** More with REDCLIFF_FUZZ_RUNS. */
const runs = Number(process.env['REDCLIFF_FUZZ_RUNS'] ?? 500);

interface Message {
  start: number;
  end: number;
  identity: string;
}

/** Scans the chunks and gives the messages with offsets in the whole stream. */
function scanAll<S extends Scanner>(scanner: S, chunks: readonly Buffer[], identify: (scanner: S) => string) {
  const messages: Message[] = [];
  let open: Message | undefined;
  let base = 0;
  let intact = true;
  const observer: MessageObserver = {
    started: (offset) => {
      expect(open).toBeUndefined();
      open = { start: base + offset, end: -1, identity: 'none' };
    },
    identified: () => {
      if (open === undefined || open.identity !== 'none')
        throw new Error('identified twice or outside a message');
      open.identity = identify(scanner);
    },
    ended: (offset) => {
      if (open === undefined) throw new Error('ended without a start');
      messages.push({ ...open, end: base + offset });
      open = undefined;
    },
  };
  for (const chunk of chunks) {
    intact = scanner.scan(chunk, observer);
    if (!intact) break;
    base += chunk.length;
  }
  return { messages, intact };
}

function cut(stream: Buffer, seed: number): Buffer[] {
  const random = seededRandom(seed);
  const chunks: Buffer[] = [];
  for (let at = 0; at < stream.length;) {
    const length = random.pick([1, 1, 2, 3, 7, 16, 40, 1000]);
    chunks.push(stream.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

const borders = (parts: readonly Buffer[]): [number, number][] => {
  let at = 0;
  return parts.map((part) => [at, (at += part.length)]);
};

const word = fc.oneof(
  fc.constantFrom('GET', 'set', 'SUBSCRIBE', 'client', 'a', '', 'MGET'),
  fc.string({ maxLength: 30 }),
);
const redisCommand = fc.array(word, { minLength: 1, maxLength: 5 });
const redisBytes = (words: readonly string[]): Buffer =>
  Buffer.from(
    `*${words.length}\r\n${words.map((each) => `$${Buffer.byteLength(each)}\r\n${each}\r\n`).join('')}`,
  );

describe.each([true, false])('Redis requests (names read: %s)', (inCommands) => {
  it('are found whole, with name and target, however they are cut', () => {
    const property = fc.property(fc.array(redisCommand, { minLength: 1 }), fc.nat(), (commands, seed) => {
      const parts = commands.map(redisBytes);
      const stream = Buffer.concat(parts);
      const identify = (scanner: RedisRequests): string =>
        `${scanner.command.name} ${scanner.command.target}`;
      for (const chunks of [[stream], cut(stream, seed)]) {
        const { messages, intact } = scanAll(new RedisRequests({ inCommands }), chunks, identify);
        expect(intact).toBe(true);
        expect(messages.map(({ start, end }) => [start, end])).toEqual(borders(parts));
        if (!inCommands) continue;
        const bytes = (text: string): string => Buffer.from(text).toString('latin1');
        const names = commands.map(
          ([name = '', target = '']) => `${bytes(name).toUpperCase()} ${bytes(target)}`,
        );
        expect(messages.map(({ identity }) => identity)).toEqual(names);
      }
    });
    fc.assert(property, { seed: 1, numRuns: runs });
  });

  it.each(['SUBSCRIBE', 'psubscribe', 'MONITOR'])('tell that %s ends the pairing of replies', (name) => {
    const scanner = new RedisRequests({ inCommands });
    scanAll(scanner, [redisBytes([name, 'x'])], () => '');
    expect(scanner.endsPairing).toBe(true);
    scanAll(scanner, [redisBytes(['SET', 'x', 'y'])], () => '');
    expect(scanner.endsPairing).toBe(false);
    scanAll(scanner, [redisBytes(['client', 'reply', 'off'])], () => '');
    expect(scanner.endsPairing).toBe(true);
    scanAll(scanner, [redisBytes(['client', 'setname', 'x'])], () => '');
    expect(scanner.endsPairing).toBe(false);
  });

  it('are read inline too', () => {
    const { messages } = scanAll(
      new RedisRequests({ inCommands }),
      [Buffer.from('PING\r\nset  key value\r\n\r\n')],
      ({ command }) => `${command.name} ${command.target}`,
    );
    expect(messages.map(({ identity }) => identity)).toEqual(['PING ', 'SET key']);
  });
});

describe('Redis replies', () => {
  const simple = fc.constantFrom(
    '+OK\r\n',
    '-ERR no\r\n',
    ':12\r\n',
    '_\r\n',
    '#t\r\n',
    ',1.5\r\n',
    '(123\r\n',
    '$-1\r\n',
    '*-1\r\n',
  );
  const line = fc.string({ maxLength: 100 }).map((text) => `+${text.replaceAll(/[\r\n]/g, ' ')}\r\n`);
  const bulk = fc.string({ maxLength: 50 }).map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`);
  const { reply } = fc.letrec<{ reply: string }>((tie) => ({
    reply: fc.oneof(
      { maxDepth: 3 },
      simple,
      bulk,
      line,
      fc.array(tie('reply'), { maxLength: 4 }).map((items) => `*${items.length}\r\n${items.join('')}`),
      fc.array(tie('reply'), { maxLength: 4 }).map((items) => `~${items.length}\r\n${items.join('')}`),
      fc
        .array(fc.tuple(tie('reply'), tie('reply')), { maxLength: 3 })
        .map((pairs) => `%${pairs.length}\r\n${pairs.flat().join('')}`),
      fc
        .tuple(tie('reply'), tie('reply'), tie('reply'))
        .map(([name, value, own]) => `|1\r\n${name}${value}${own}`),
    ),
  }));
  const push = fc
    .array(bulk, { minLength: 1, maxLength: 3 })
    .map((items) => `>${items.length}\r\n${items.join('')}`);

  it('are found whole, nested or not, however they are cut; pushes answer nothing', () => {
    const property = fc.property(
      fc.array(fc.oneof(reply, push), { minLength: 1 }),
      fc.nat(),
      (texts, seed) => {
        const parts = texts.map((text) => Buffer.from(text));
        const stream = Buffer.concat(parts);
        for (const chunks of [[stream], cut(stream, seed)]) {
          const { messages, intact } = scanAll(new RedisReplies(), chunks, ({ unsolicited }) =>
            String(unsolicited),
          );
          expect(intact).toBe(true);
          expect(messages.map(({ start, end }) => [start, end])).toEqual(borders(parts));
          expect(messages.map(({ identity }) => identity)).toEqual(
            texts.map((text) => String(text.startsWith('>'))),
          );
        }
      },
    );
    fc.assert(property, { seed: 2, numRuns: runs });
  });
});

interface MongoRequest {
  readonly name: string;
  readonly target: string | number;
  readonly id: number;
  readonly sequenceFirst: boolean;
}

function mongoBytes({ name, target, id, sequenceFirst }: MongoRequest): Buffer {
  const body = Buffer.concat([Buffer.from([0]), serialize({ [name]: target, $db: 'test' })]);
  const documents = Buffer.from(serialize({ a: 1 }));
  const sequence = Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), Buffer.from('documents\0'), documents]);
  sequence.writeInt32LE(sequence.length - 1, 1);
  const sections = sequenceFirst ? [sequence, body] : [body, sequence];
  const message = Buffer.concat([Buffer.alloc(20), ...sections]);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(id, 4);
  message.writeInt32LE(id + 1, 8);
  message.writeInt32LE(2013, 12);
  return message;
}

describe.each([true, false])('MongoDB messages (names read: %s)', (inCommands) => {
  it('are found whole, with number, name and collection, however they are cut', () => {
    const request = fc.record({
      name: fc.constantFrom('insert', 'commitTransaction', 'find', 'hello'),
      target: fc.oneof(fc.constant(1), fc.string({ maxLength: 20 })),
      id: fc.integer({ min: 1, max: 2 ** 30 }),
      sequenceFirst: fc.boolean(),
    });
    const property = fc.property(
      fc.array(request, { minLength: 1, maxLength: 10 }),
      fc.nat(),
      (requests, seed) => {
        const parts = requests.map(mongoBytes);
        const stream = Buffer.concat(parts);
        for (const chunks of [[stream], cut(stream, seed)]) {
          const { messages, intact } = scanAll(
            new MongoMessages({ inCommands }),
            chunks,
            ({ requestId, responseTo, command }) =>
              `${requestId} ${responseTo} ${command.name} ${command.target}`,
          );
          expect(intact).toBe(true);
          expect(messages.map(({ start, end }) => [start, end])).toEqual(borders(parts));
          const expected = requests.map(({ id, name, target }) => {
            const command = inCommands ? `${name} ${typeof target === 'string' ? target : ''}` : ' ';
            return `${id} ${id + 1} ${command}`;
          });
          expect(messages.map(({ identity }) => identity)).toEqual(expected);
        }
      },
    );
    fc.assert(property, { seed: 3, numRuns: runs });
  });
});

describe('whatever the bytes', () => {
  const scanners: [string, () => Scanner][] = [
    ['Redis requests', () => new RedisRequests({ inCommands: true })],
    ['Redis requests without names', () => new RedisRequests({ inCommands: false })],
    ['Redis replies', () => new RedisReplies()],
    ['MongoDB messages', () => new MongoMessages({ inCommands: true })],
  ];
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ unit: fc.constantFrom(...'*$>%~|+-:0123456789\r\n aG') }).map((text) => Buffer.from(text)),
    redisCommand.map(redisBytes),
    fc
      .constantFrom('insert', 'x')
      .map((name) => mongoBytes({ name, target: 'c', id: 1, sequenceFirst: false })),
  );

  it.each(scanners)(
    '%s never throw, never miscount, and give up at the same place however they are cut',
    (_, create) => {
      const property = fc.property(fc.array(piece, { maxLength: 8 }), fc.nat(), (pieces, seed) => {
        const stream = Buffer.concat(pieces);
        const whole = scanAll(create(), [stream], () => '');
        const parts = scanAll(create(), cut(stream, seed), () => '');
        expect(parts.intact).toBe(whole.intact);
        expect(parts.messages.map(({ start, end }) => [start, end])).toEqual(
          whole.messages.map(({ start, end }) => [start, end]),
        );
        let at = 0;
        for (const message of whole.messages) {
          expect(message.start).toBeGreaterThanOrEqual(at);
          expect(message.end).toBeGreaterThan(message.start);
          at = message.end;
        }
      });
      fc.assert(property, { seed: 4, numRuns: runs });
    },
  );
});

describe('sniffProtocol', () => {
  it.each([
    ['*2\r\n', 'redis'],
    ['*', 'undecided'],
    ['**', 'undecided'],
    ['GET / HTTP/1.1\r\nHost: x\r\n', 'other'],
    ['hello', 'other'],
    ['', 'undecided'],
  ])('takes %j for %s', (text, protocol) => {
    expect(sniffProtocol(Buffer.from(text))).toBe(protocol);
  });

  it('knows MongoDB by its header, whole or in parts', () => {
    const message = mongoBytes({ name: 'hello', target: 1, id: 1, sequenceFirst: false });
    expect(sniffProtocol(message)).toBe('mongo');
    for (let length = 0; length < 16; length += 1)
      expect(sniffProtocol(message.subarray(0, length))).toBe('undecided');
  });
});
