/** Who is subscribed to which channel and pattern, and the messages that go out. */
import type { Bytes } from '../bytes/byte-string.ts';
import { matchesGlob } from '../bytes/glob.ts';
import type { Client } from '../clients/client.ts';
import { push } from '../reply/reply.ts';

export type ChannelKind = 'channel' | 'shard';

export class Channels {
  readonly #subscribers: Readonly<Record<ChannelKind, Map<Bytes, Set<Client>>>> = {
    channel: new Map(),
    shard: new Map(),
  };
  readonly #patterns = new Map<Bytes, Set<Client>>();

  subscribe(client: Client, channel: Bytes, kind: ChannelKind): void {
    addTo(this.#subscribers[kind], channel, client);
    setOf(client, kind).add(channel);
  }

  unsubscribe(client: Client, channel: Bytes, kind: ChannelKind): void {
    removeFrom(this.#subscribers[kind], channel, client);
    setOf(client, kind).delete(channel);
  }

  subscribePattern(client: Client, pattern: Bytes): void {
    addTo(this.#patterns, pattern, client);
    client.patterns.add(pattern);
  }

  unsubscribePattern(client: Client, pattern: Bytes): void {
    removeFrom(this.#patterns, pattern, client);
    client.patterns.delete(pattern);
  }

  /** The client is gone. */
  drop(client: Client): void {
    for (const channel of client.channels) removeFrom(this.#subscribers.channel, channel, client);
    for (const channel of client.shardChannels) removeFrom(this.#subscribers.shard, channel, client);
    for (const pattern of client.patterns) removeFrom(this.#patterns, pattern, client);
  }

  /** How many got the message; one that matches several ways counts each time. */
  publish(channel: Bytes, message: Bytes): number {
    let receivers = this.#send('channel', 'message', channel, message);
    for (const [pattern, clients] of this.#patterns) {
      if (!matchesGlob(pattern, channel)) continue;
      for (const client of clients) client.send(push(['pmessage', pattern, channel, message]));
      receivers += clients.size;
    }
    return receivers;
  }

  publishShard(channel: Bytes, message: Bytes): number {
    return this.#send('shard', 'smessage', channel, message);
  }

  /** Channels with subscribers. */
  names(kind: ChannelKind): Bytes[] {
    return [...this.#subscribers[kind].keys()];
  }

  subscriberCount(kind: ChannelKind, channel: Bytes): number {
    return this.#subscribers[kind].get(channel)?.size ?? 0;
  }

  get patternCount(): number {
    return this.#patterns.size;
  }

  #send(kind: ChannelKind, type: Bytes, channel: Bytes, message: Bytes): number {
    const clients = this.#subscribers[kind].get(channel);
    for (const client of clients ?? []) client.send(push([type, channel, message]));
    return clients?.size ?? 0;
  }
}

function setOf(client: Client, kind: ChannelKind): Set<Bytes> {
  return kind === 'channel' ? client.channels : client.shardChannels;
}

function addTo(map: Map<Bytes, Set<Client>>, name: Bytes, client: Client): void {
  const clients = map.get(name) ?? new Set();
  map.set(name, clients);
  clients.add(client);
}

function removeFrom(map: Map<Bytes, Set<Client>>, name: Bytes, client: Client): void {
  const clients = map.get(name);
  clients?.delete(client);
  if (clients?.size === 0) map.delete(name);
}
