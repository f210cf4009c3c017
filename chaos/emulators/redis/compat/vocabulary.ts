/** Random words for templates: few keys, members and fields, so that commands meet, and now and then something odd. */
import type { Random } from '../../../random.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import type { Vocabulary } from './template.ts';

/** First letters of the keys of a type. */
const keyLetters = {
  string: 's',
  list: 'l',
  hash: 'h',
  set: 't',
  zset: 'z',
  stream: 'x',
  hll: 'p',
  geo: 'g',
  bits: 'b',
} as const;
const letters = Object.values(keyLetters);
/** Seconds since the epoch, in the year 2100. */
const farSeconds = 4_102_444_800;

/** What commands rarely expect. */
export const oddWords: readonly Bytes[] = [
  '',
  ' ',
  '-1',
  '0',
  '1.5',
  'abc',
  'nan',
  'inf',
  '-inf',
  '1e400',
  '+5',
  '007',
  '0x10',
  '9223372036854775807',
  '-9223372036854775808',
  '9223372036854775808',
  '18446744073709551616',
  '2147483648',
  '4294967296',
  '(1',
  '[a',
  '*',
  '\0',
  'NX',
  'XX',
  'COUNT',
  'LIMIT',
  'x'.repeat(70),
];

function keyOf(letter: string): (random: Random) => Bytes {
  return (random) => {
    const own = random.next() < 0.97 ? letter : random.pick(letters);
    return `${own}${random.integer(0, 4)}`;
  };
}

function oneOf(...words: readonly Bytes[]): (random: Random) => Bytes {
  return (random) => random.pick(words);
}

function between(minimum: number, maximum: number): (random: Random) => Bytes {
  return (random) => String(random.integer(minimum, maximum));
}

function bytes(random: Random, lengthMax: number): Bytes {
  const length = random.integer(0, lengthMax);
  return Array.from({ length }, () => String.fromCharCode(random.integer(0, 255))).join('');
}

function value(random: Random): Bytes {
  switch (random.integer(0, 9)) {
    case 0:
      return String(random.integer(-5, 12_000));
    case 1:
      return random.pick(['1.5', '3.0e3', '0.1', '-7.25', '10000000000000000']);
    case 2:
      return 'long value '.repeat(random.integer(3, 9));
    case 3:
      return bytes(random, 12);
    case 4:
      return random.pick(oddWords);
    default:
      return `value-${random.integer(0, 30)}`;
  }
}

function float(random: Random): Bytes {
  return random.pick([
    String(random.integer(-10, 10)),
    String(random.integer(-1000, 1000) / 4),
    String(random.integer(-1000, 1000) / 10),
    '0.1',
    '3e2',
    '1.1e-3',
    'inf',
    '-inf',
    '5.0e3',
    '1e17',
  ]);
}

function scoreBound(random: Random): Bytes {
  const sign = random.next() < 0.25 ? '(' : '';
  return random.next() < 0.15
    ? random.pick(['-inf', '+inf', '(inf', 'inf'])
    : `${sign}${random.integer(-5, 12) / 2}`;
}

function streamId(random: Random): Bytes {
  const first = random.integer(1, 40);
  return random.next() < 0.5 ? String(first) : `${first}-${random.integer(0, 5)}`;
}

const pattern = oneOf(
  '*',
  's*',
  '?1',
  '[sl]*',
  'h[0-2]',
  '[^s]*',
  '*2',
  'm*',
  'f?',
  'nothing',
  '\\*',
  '[a-',
  '*[',
);

export const vocabulary: Vocabulary = {
  ...Object.fromEntries(Object.entries(keyLetters).map(([name, letter]) => [name, keyOf(letter)])),
  any: (random) => `${random.pick(letters)}${random.integer(0, 4)}`,
  value,
  text: oneOf('ohmytext', 'mynewtext', 'abcdefgh', 'aXbXcX', 'text', '', 'ohm'),
  field: (random) => (random.next() < 0.06 ? 'f'.repeat(80) : `f${random.integer(0, 9)}`),
  member: (random) =>
    random.pick([
      `m${random.integer(0, 9)}`,
      `m${random.integer(0, 9)}`,
      String(random.integer(-3, 15)),
      'm'.repeat(70),
    ]),
  // Of their own, so that all scores are the same: ranges of members are not specified otherwise.
  lexset: oneOf('y0', 'y1'),
  lexmember: oneOf('a', 'b', 'c', 'd', 'e', 'aa', 'ab', 'B'),
  int: between(-20, 20),
  natural: between(0, 12),
  count: between(1, 6),
  anycount: between(-6, 6),
  index: between(-8, 8),
  position: between(0, 70),
  bit: between(0, 1),
  float,
  score: float,
  scorebound: scoreBound,
  lexbound: oneOf('-', '+', '[a', '(a', '[b', '(b', '[c', '[aa', '(d', '[e', 'a'),
  pattern,
  seconds: between(1000, 5000),
  milliseconds: between(1_000_000, 5_000_000),
  at: (random) =>
    random.next() < 0.1 ? String(random.integer(1, 1000)) : String(farSeconds + random.integer(0, 1000)),
  atms: (random) =>
    random.next() < 0.1
      ? String(random.integer(1, 1000))
      : String(farSeconds * 1000 + random.integer(0, 100_000)),
  database: between(0, 2),
  id: streamId,
  idbound: (random) => random.pick([streamId(random), streamId(random), `(${streamId(random)}`, '-', '+']),
  newid: (random) =>
    random.pick([
      streamId(random),
      `${random.integer(1, 60)}-*`,
      `${random.integer(1, 60)}-${random.integer(0, 9)}`,
    ]),
  group: oneOf('g0', 'g1', 'g2'),
  consumer: oneOf('c0', 'c1', 'c2'),
  channel: oneOf('news', 'mail', 'chat', 'n.1', 'n.2'),
  channelpattern: oneOf('n*', '*', 'm?il', '[nc]*', 'n.[12]'),
  longitude: (random) => String(random.integer(-1800, 1800) / 10 + 0.013),
  latitude: (random) => String(random.integer(-850, 850) / 10 + 0.007),
  nearlongitude: (random) => String(10 + random.integer(-30, 30) / 10),
  nearlatitude: (random) => String(45 + random.integer(-30, 30) / 10),
  distance: oneOf('1', '50', '100', '200.5', '1000', '3000', '100000'),
  unit: oneOf('m', 'km', 'mi', 'ft', 'KM'),
  place: (random) => `place${random.integer(0, 15)}`,
  element: (random) => `e${random.integer(0, 400)}`,
  fieldtype: oneOf('u8', 'i8', 'u4', 'i5', 'u1', 'u16', 'i32', 'i64', 'u63', 'i1', 'u64', 'x8'),
  fieldoffset: (random) => random.pick([String(random.integer(0, 80)), `#${random.integer(0, 8)}`]),
  oddtimeout: oneOf('', 'abc', '-1', 'nan', '-inf', '1e400', '1e20'),
  odd: (random) => random.pick(oddWords),
  user: oneOf('alice', 'bob'),
  password: oneOf('secret', 'other'),
  category: oneOf(
    'read',
    'write',
    'set',
    'sortedset',
    'string',
    'hash',
    'keyspace',
    'fast',
    'slow',
    'dangerous',
    'admin',
    'nothing',
  ),
  commandname: oneOf(
    'get',
    'set',
    'config|get',
    'client|kill',
    'zadd',
    'eval',
    'sort',
    'xadd',
    'nothing',
    'config|nothing',
    'acl',
  ),
};
