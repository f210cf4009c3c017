/** A client as CLIENT LIST shows it. */
import type { Bytes } from '../bytes/byte-string.ts';
import type { Client } from './client.ts';

export function describeClient(nowMs: number, client: Client): Bytes {
  const fields: (readonly [string, string | number])[] = [
    ['id', client.id],
    ['addr', client.address],
    ['laddr', client.localAddress],
    ['fd', client.id + 5],
    ['name', client.name],
    ['age', Math.floor((nowMs - client.connectedAtMs) / 1000)],
    ['idle', Math.floor((nowMs - client.lastInteractionMs) / 1000)],
    ['flags', flagsOf(client)],
    ['db', client.database],
    ['sub', client.channels.size],
    ['psub', client.patterns.size],
    ['ssub', client.shardChannels.size],
    ['multi', client.transaction?.commands.length ?? -1],
    ['qbuf', client.pendingInputBytes],
    ['qbuf-free', 20_448],
    ['argv-mem', client.argumentBytes],
    ['multi-mem', (client.transaction?.commands.length ?? 0) * 50],
    ['rbs', 1024],
    ['rbp', 0],
    ['obl', client.outputBytes],
    ['oll', 0],
    ['omem', 0],
    ['tot-mem', 22_298 + client.pendingInputBytes + client.argumentBytes + client.outputBytes],
    ['events', 'r'],
    ['cmd', client.lastCommand ?? 'NULL'],
    ['user', client.user],
    ['redir', client.tracking === undefined ? -1 : (client.tracking.redirect ?? 0)],
    ['resp', client.protocol],
  ];
  return fields.map(([name, value]) => `${name}=${value}`).join(' ');
}

function flagsOf(client: Client): string {
  let flags = '';
  if (client.isMonitor) flags += 'O';
  if (client.isSubscriber) flags += 'P';
  if (client.transaction !== undefined) flags += 'x';
  if (client.blocking !== undefined) flags += 'b';
  if (client.tracking !== undefined) {
    flags += 't';
    if (client.tracking.isRedirectBroken) flags += 'R';
    if (client.tracking.isBroadcast) flags += 'B';
  }
  if (client.isDirty) flags += 'd';
  if (client.isClosing) flags += 'c';
  if (client.isNoEvict) flags += 'e';
  return flags === '' ? 'N' : flags;
}
