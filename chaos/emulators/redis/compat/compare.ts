/**
 * Whether two replies to a command mean the same. Where Redis leaves something open, it is left out of the comparison here, command by
 * command, and nowhere else:
 *
 * - the order of what a hash table holds, unless the value is in a compact encoding, whose order is that of insertion or of the numbers;
 * - which members are drawn at random;
 * - times that passed between the calls on the two sides;
 * - numbers of clients, random passwords, the text of HELP, the format of DUMP, addresses in texts of Lua, remarks in COMMAND INFO;
 * - the sign of not-a-number in texts of Lua, which is a property of the processor and is not kept by JavaScript.
 */
import type { Bytes } from '../bytes/byte-string.ts';
import { replyText, type WireReply } from './wire-reply.ts';

export interface Call {
  readonly words: readonly Bytes[];
  /** Whether the order of what the key holds is known. */
  readonly hasOrder: boolean;
}

type Rule = (reply: WireReply) => WireReply;

const shape: Rule = (reply) => {
  switch (reply.kind) {
    case 'bulk':
    case 'double':
      return { kind: 'bulk', text: '…' };
    case 'array':
    case 'map':
    case 'set':
      return { kind: reply.kind, items: reply.items.map(shape) };
    default:
      return reply;
  }
};

const sorted: Rule = (reply) => ('items' in reply ? { ...reply, items: inOrder(reply.items, 1) } : reply);
const sortedPairs: Rule = (reply) =>
  'items' in reply ? { ...reply, items: inOrder(reply.items, 2) } : reply;
const sortedDeep: Rule = (reply) =>
  'items' in reply ? { ...reply, items: inOrder(reply.items.map(sortedDeep), 1) } : reply;
/** The second part of what SCAN answers. */
const sortedScan =
  (width: number): Rule =>
  (reply) =>
    'items' in reply
      ? {
          ...reply,
          items: reply.items.map((item) =>
            'items' in item ? { ...item, items: inOrder(item.items, width) } : item,
          ),
        }
      : reply;
const hidden: Rule = (reply) => (reply.kind === 'error' ? reply : { kind: 'bulk', text: 'not compared' });

/** By how much numbers may differ, since time passes between the calls. */
const tolerances: Readonly<Record<string, number>> = {
  // Small integers are objects that all keys share, so that theirs is that of any key.
  'object idletime': Infinity,
  ttl: 2,
  pttl: 2000,
  expiretime: 2,
  pexpiretime: 2000,
};

const rulesOfOrder: Readonly<Record<string, Rule>> = {
  hgetall: sortedPairs,
  hkeys: sorted,
  hvals: sorted,
  smembers: sorted,
  hscan: sortedScan(2),
  sscan: sortedScan(1),
};

const rules: Readonly<Record<string, Rule>> = {
  sinter: sorted,
  sunion: sorted,
  sdiff: sorted,
  keys: sorted,
  scan: sortedScan(1),
  zscan: sortedScan(2),
  'pubsub channels': sorted,
  'pubsub shardchannels': sorted,
  'acl cat': sorted,
  'acl getuser': (reply) => sortedWords(reply),
  'command list': sorted,
  'command info': (reply) => sortedDeep(withoutPair(reply, 'notes')),
  'command getkeysandflags': sortedDeep,
  'config get': sortedPairs,
  'function list': sorted,
  spop: shape,
  srandmember: shape,
  hrandfield: shape,
  zrandmember: shape,
  randomkey: shape,
  dump: shape,
  'function dump': shape,
  'acl genpass': shape,
  'client id': hidden,
  'client trackinginfo': sortedDeep,
  'object freq': hidden,
  time: hidden,
  xpending: (reply) => withoutIdleTimes(reply),
  xinfo: (reply) => withoutTimes(reply),
  hello: (reply) => withoutField(reply, 'id'),
};

export function isSame(call: Call, left: WireReply, right: WireReply): boolean {
  const tolerance = tolerances[fullName(call)] ?? tolerances[call.words[0]?.toLowerCase() ?? ''];
  if (tolerance !== undefined && left.kind === 'integer' && right.kind === 'integer') {
    const [one, other] = [Number(left.text), Number(right.text)];
    // A key without an expiry, or none at all, has a negative number.
    return one === other || (one >= 0 && other >= 0 && Math.abs(one - other) <= tolerance);
  }
  return comparable(call, left) === comparable(call, right);
}

function comparable(call: Call, reply: WireReply): string {
  const name = call.words[0]?.toLowerCase() ?? '';
  const rule = (call.hasOrder ? undefined : rulesOfOrder[name]) ?? rules[fullName(call)] ?? rules[name];
  const text = replyText(rule === undefined || reply.kind === 'error' ? reply : rule(reply));
  return text.replaceAll(/0x[0-9a-f]{6,}/g, '0x…').replaceAll(/-nan\b/g, 'nan');
}

function fullName({ words }: Call): string {
  return `${words[0]?.toLowerCase() ?? ''} ${words[1]?.toLowerCase() ?? ''}`;
}

function inOrder(items: readonly WireReply[], width: number): WireReply[] {
  const groups: WireReply[][] = [];
  for (let at = 0; at < items.length; at += width) groups.push(items.slice(at, at + width));
  const keyed = groups.map((group) => ({ group, key: group.map(replyText).join(' ') }));
  return keyed.sort((left, right) => (left.key < right.key ? -1 : 1)).flatMap(({ group }) => group);
}

/** Rules of a user stand in the order of a hash table. */
function sortedWords(reply: WireReply): WireReply {
  if ('items' in reply) return { ...reply, items: reply.items.map(sortedWords) };
  if (reply.kind !== 'bulk' || !/^[+-]@/.test(reply.text)) return reply;
  return { kind: 'bulk', text: reply.text.split(' ').sort().join(' ') };
}

/** XPENDING in its long form: `[id, consumer, idle, count]` each. */
function withoutIdleTimes(reply: WireReply): WireReply {
  if (!('items' in reply)) return reply;
  const items = reply.items.map((item): WireReply => {
    if (!('items' in item) || item.items.length !== 4) return item;
    return {
      ...item,
      items: item.items.map((part, index) => (index === 2 ? { kind: 'bulk', text: 'idle' } : part)),
    };
  });
  return { ...reply, items };
}

/** XINFO: idle times, and moments in milliseconds since the epoch. */
function withoutTimes(reply: WireReply): WireReply {
  if (!('items' in reply)) {
    return reply.kind === 'integer' && Number(reply.text) > 1e12 ? { kind: 'bulk', text: 'moment' } : reply;
  }
  let isIdle = false;
  const items = reply.items.map((item): WireReply => {
    const isBehindIdle = isIdle;
    isIdle = item.kind === 'bulk' && item.text === 'idle';
    return isBehindIdle ? { kind: 'bulk', text: 'time' } : withoutTimes(item);
  });
  return { ...reply, items };
}

function withoutField(reply: WireReply, field: string): WireReply {
  if (!('items' in reply)) return reply;
  let isField = false;
  const items = reply.items.map((item): WireReply => {
    const isBehind = isField;
    isField = item.kind === 'bulk' && item.text === field;
    return isBehind ? { kind: 'bulk', text: 'not compared' } : item;
  });
  return { ...reply, items };
}

function withoutPair(reply: WireReply, name: string): WireReply {
  if (!('items' in reply)) return reply;
  const at = reply.items.findIndex((item) => item.kind === 'bulk' && item.text === name);
  const items = at === -1 ? reply.items : reply.items.toSpliced(at, 2);
  return { ...reply, items: items.map((item) => withoutPair(item, name)) };
}
