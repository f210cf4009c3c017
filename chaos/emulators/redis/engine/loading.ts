/** Makes the data again from what the disk has: records of a snapshot, or commands of the append-only file. */
import type { Bytes } from '../bytes/byte-string.ts';
import { Client } from '../clients/client.ts';
import type { CommandTable } from '../commands/context.ts';
import type { SnapshotRecord } from '../persistence/snapshot-file.ts';
import { decodeValue } from '../persistence/value-format.ts';
import { errorReply, isError, type Reply } from '../reply/reply.ts';
import { call } from './call.ts';
import { formatLimits } from './format-limits.ts';
import type { ServerState } from './server-state.ts';

/** Thrown when the data on the disk cannot be read. */
export class DataDamagedError extends Error {
  constructor(reason: string) {
    super(`the data cannot be loaded: ${reason}`);
    this.name = 'DataDamagedError';
  }
}

/** What has expired meanwhile is left out. */
export function loadRecords(server: ServerState, records: readonly SnapshotRecord[]): void {
  whileLoading(server, () => {
    for (const record of records) {
      if (record.kind === 'function') {
        server.functions.load(record.code, true);
        continue;
      }
      const { database: index, key, expireAtMs } = record;
      const value = decodeValue(record.value, formatLimits(server.configuration));
      if (value === undefined) throw new DataDamagedError(`the value of ${JSON.stringify(key)}`);
      if (expireAtMs !== undefined && expireAtMs < server.nowMs) continue;
      const database = server.keyspace.at(index);
      database.add(key, value, server.nowMs);
      server.keyspace.setExpiry(database, key, expireAtMs);
    }
  });
}

export function replay(
  server: ServerState,
  list: readonly (readonly Bytes[])[],
  commands: CommandTable,
): void {
  const client = new Client(0, { remote: '', local: '' }, server.nowMs, {
    send: () => undefined,
    close: () => undefined,
  });
  client.isAuthenticated = true;
  client.isReplay = true;
  client.mayBlock = false;
  whileLoading(server, () => {
    for (const words of list) {
      const command = commands.find(words);
      const reply: Reply =
        command === undefined
          ? errorReply(`ERR unknown command '${words[0]}'`)
          : call(server, client, command, words, commands);
      if (isError(reply)) throw new DataDamagedError(`${words.slice(0, 3).join(' ')}: ${reply.message}`);
      server.takePropagated();
    }
  });
}

function whileLoading(server: ServerState, load: () => void): void {
  server.isLoading = true;
  try {
    load();
  } finally {
    server.isLoading = false;
  }
  server.dirty = 0;
  server.takePropagated();
}
