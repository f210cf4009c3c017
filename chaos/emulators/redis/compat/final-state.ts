/** Everything that two servers have at the end of a round, compared: keys, how they are kept, when they expire, and what was counted. */
import type { Bytes } from '../bytes/byte-string.ts';
import { compareLines, type Pair } from './pair.ts';
import type { SideConnection } from './side.ts';
import type { WireReply } from './wire-reply.ts';
import { replyText } from './wire-reply.ts';

interface Connections {
  readonly real: SideConnection;
  readonly emulated: SideConnection;
}

const databases = 3;
const answerDeadlineMs = 5000;
const secondsApartMax = 60;

export async function compareStates(control: Pair): Promise<void> {
  for (let index = 0; index < databases; index += 1) {
    await same(control, ['select', String(index)]);
    const keys = await same(control, ['keys', '*'], sortedItems);
    if (!('items' in keys)) throw new TypeError('KEYS gives an array');
    for (const key of keys.items) if (key.kind === 'bulk') await compareKey(control, key.text);
  }
  await same(control, ['select', '0']);
  await compareCounters(control);
}

async function compareKey(control: Pair, key: Bytes): Promise<void> {
  await same(control, ['object', 'encoding', key]);
  await sameTimeLeft(control, key);
  const type = await same(control, ['type', key]);
  switch (type.kind === 'status' ? type.text : '') {
    case 'string':
      await same(control, ['get', key]);
      break;
    case 'list':
      await same(control, ['lrange', key, '0', '-1']);
      break;
    case 'hash':
      await same(control, ['hgetall', key], sortedPairs);
      break;
    case 'set':
      await same(control, ['smembers', key], sortedItems);
      break;
    case 'zset':
      await same(control, ['zrange', key, '0', '-1', 'withscores']);
      break;
    case 'stream':
      await same(control, ['xrange', key, '-', '+']);
      break;
    default:
      throw new TypeError(`no type: ${replyText(type)}`);
  }
}

/** Time passes between the two. */
async function sameTimeLeft(control: Pair, key: Bytes): Promise<void> {
  let first: number | undefined;
  await same(control, ['ttl', key], (reply) => {
    const seconds = reply.kind === 'integer' ? Number(reply.text) : -3;
    first ??= seconds;
    return seconds >= 0 && first >= 0 && Math.abs(seconds - first) < secondsApartMax
      ? 'some'
      : String(seconds);
  });
}

/** Calls of commands, errors by code, keys found and missed. Those that the campaign needs for itself are left out. */
async function compareCounters(control: Pair): Promise<void> {
  for (const section of ['commandstats', 'errorstats', 'stats', 'keyspace']) {
    await same(control, ['info', section], (reply) =>
      replyText(reply)
        .split('\\r\\n')
        .filter((line) => counters.test(line) && !uncounted.test(line))
        .map((line) => line.replace(/usec=.*(?=rejected)/, '').replace(/,avg_ttl.*/, ''))
        .sort()
        .join('\n'),
    );
  }
}

const counters =
  /^(?:cmdstat_|errorstat_|db\d|keyspace_|expired_keys|evicted_keys|pubsub|total_error_replies|tracking_)/;
const uncounted = /^cmdstat_(?:ping|client\|(?:list|id|reply)|quit|info|config\|resetstat):/;

async function same(
  { real, emulated }: Connections,
  words: readonly Bytes[],
  text: (reply: WireReply) => string = replyText,
): Promise<WireReply> {
  emulated.send([words]);
  real.send([words]);
  await real.arrived(1, answerDeadlineMs);
  const [expected, actual] = [real.take()[0], emulated.take()[0]];
  if (expected === undefined || actual === undefined) throw new Error(`no answer to ${words.join(' ')}`);
  const [left, right] = [text(expected), text(actual)];
  compareLines(`at the end: ${words.join(' ')}`, left.split('\n'), right.split('\n'));
  return expected;
}

function sortedItems(reply: WireReply): string {
  return 'items' in reply ? reply.items.map(replyText).sort().join(', ') : replyText(reply);
}

function sortedPairs(reply: WireReply): string {
  if (!('items' in reply)) return replyText(reply);
  const texts = reply.items.map(replyText);
  return texts
    .flatMap((text, index) => (index % 2 === 0 ? [`${text}: ${texts[index + 1]}`] : []))
    .sort()
    .join(', ');
}
