/** Publishing, subscribing, and who is subscribed. */
import type { Bytes } from '../../bytes/byte-string.ts';
import { matchesGlob } from '../../bytes/glob.ts';
import type { ChannelKind } from '../../pubsub/channels.ts';
import { push, type Reply } from '../../reply/reply.ts';
import type { Context } from '../context.ts';
import { commandFamily } from '../family.ts';
import { helpText } from '../help.ts';
import { pubsubTable } from './table.ts';

/** A message for each name, with the number of subscriptions behind it. */
function forEach(names: readonly Bytes[], change: (name: Bytes) => Reply): Reply {
  return { kind: 'several', replies: names.map(change) };
}

function countOf({ client }: Context, kind: ChannelKind): number {
  return kind === 'shard' ? client.shardChannels.size : client.subscriptionCount;
}

function subscribe(context: Context, kind: ChannelKind, type: Bytes): Reply {
  const { client, server, words } = context;
  return forEach(words.slice(1), (channel) => {
    server.channels.subscribe(client, channel, kind);
    return push([type, channel, countOf(context, kind)]);
  });
}

/** Without names from all there are; the answer to a client without any is one without a name. */
function unsubscribe(context: Context, kind: ChannelKind, type: Bytes): Reply {
  const { client, server, words } = context;
  const own = kind === 'shard' ? client.shardChannels : client.channels;
  const names = words.length > 1 ? words.slice(1) : [...own];
  if (names.length === 0) return push([type, null, countOf(context, kind)]);
  return forEach(names, (channel) => {
    server.channels.unsubscribe(client, channel, kind);
    return push([type, channel, countOf(context, kind)]);
  });
}

function psubscribe({ client, server, words }: Context): Reply {
  return forEach(words.slice(1), (pattern) => {
    server.channels.subscribePattern(client, pattern);
    return push(['psubscribe', pattern, client.subscriptionCount]);
  });
}

function punsubscribe({ client, server, words }: Context): Reply {
  const names = words.length > 1 ? words.slice(1) : [...client.patterns];
  if (names.length === 0) return push(['punsubscribe', null, client.subscriptionCount]);
  return forEach(names, (pattern) => {
    server.channels.unsubscribePattern(client, pattern);
    return push(['punsubscribe', pattern, client.subscriptionCount]);
  });
}

function channels(context: Context, kind: ChannelKind): Reply {
  if (context.words.length > 3) throw context.wrongSubcommand();
  const pattern = context.words[2];
  return context.server.channels
    .names(kind)
    .filter((name) => pattern === undefined || matchesGlob(pattern, name));
}

function subscriberCounts({ server, words }: Context, kind: ChannelKind): Reply {
  return words.slice(2).flatMap((channel) => [channel, server.channels.subscriberCount(kind, channel)]);
}

export const pubsub = commandFamily('pubsub', pubsubTable, {
  publish: (context) => context.server.channels.publish(context.word(1), context.word(2)),
  spublish: (context) => context.server.channels.publishShard(context.word(1), context.word(2)),
  subscribe: (context) => subscribe(context, 'channel', 'subscribe'),
  unsubscribe: (context) => unsubscribe(context, 'channel', 'unsubscribe'),
  psubscribe,
  punsubscribe,
  ssubscribe: (context) => subscribe(context, 'shard', 'ssubscribe'),
  sunsubscribe: (context) => unsubscribe(context, 'shard', 'sunsubscribe'),
  'pubsub|channels': (context) => channels(context, 'channel'),
  'pubsub|help': () =>
    helpText('PUBSUB', [
      ['CHANNELS [<pattern>]', 'Channels with subscribers that match the pattern.'],
      ['NUMPAT', 'How many patterns are subscribed to.'],
      ['NUMSUB [<channel> ...]', 'Subscribers of each channel, patterns not counted.'],
      ['SHARDCHANNELS [<pattern>]', 'Shard channels with subscribers that match the pattern.'],
      ['SHARDNUMSUB [<shardchannel> ...]', 'Subscribers of each shard channel.'],
    ]),
  'pubsub|numpat': ({ server }) => server.channels.patternCount,
  'pubsub|numsub': (context) => subscriberCounts(context, 'channel'),
  'pubsub|shardchannels': (context) => channels(context, 'shard'),
  'pubsub|shardnumsub': (context) => subscriberCounts(context, 'shard'),
});
