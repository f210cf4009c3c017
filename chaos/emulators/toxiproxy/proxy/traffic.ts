/** The connections of a proxy, open and past, and the bytes that passed: what really happened, for counters and metrics. */
import { hadEffect } from '../toxics/effect-counts.ts';
import type { Connection } from './connection.ts';
import { directions, type Direction, type ToxicOnConnection } from './toxic.ts';

export interface ByteCounts {
  received: number;
  sent: number;
}

/** A connection as told to the outside; `closedAtMs` is null while it is open. */
export interface ConnectionRecord {
  readonly number: number;
  readonly peer: string;
  readonly protocol: string | null;
  readonly reachedUpstream: boolean;
  readonly openedAtMs: number;
  readonly closedAtMs: number | null;
  /** Whether a toxic or fault really did something to it. */
  readonly affected: boolean;
  readonly bytes: Readonly<Record<Direction, Readonly<ByteCounts>>>;
  readonly toxics: readonly ToxicOnConnection[];
}

/** Closed connections told one by one; older ones are in the sums only. */
const CLOSED_MAX = 1000;

export class Traffic {
  readonly open = new Set<Connection>();
  accepted = 0;
  unreachedUpstream = 0;
  #closed: ConnectionRecord[] = [];
  #closedAffected = 0;
  readonly #closedBytes: Record<Direction, ByteCounts> = {
    upstream: { received: 0, sent: 0 },
    downstream: { received: 0, sent: 0 },
  };

  accept(connection: Connection): void {
    this.accepted += 1;
    this.open.add(connection);
  }

  finish(connection: Connection): void {
    this.open.delete(connection);
    if (!connection.started) this.unreachedUpstream += 1;
    for (const direction of directions) addBytes(this.#closedBytes[direction], connection, direction);
    const record = recordOf(connection);
    if (record.affected) this.#closedAffected += 1;
    this.#closed.push(record);
    if (this.#closed.length > CLOSED_MAX * 2) this.#closed = this.#closed.slice(-CLOSED_MAX);
  }

  /** Bytes of all connections, open and past. */
  bytes(direction: Direction): ByteCounts {
    const sum = { ...this.#closedBytes[direction] };
    for (const connection of this.open) addBytes(sum, connection, direction);
    return sum;
  }

  /** Connections to which a toxic or fault really did something. */
  affected(): number {
    return [...this.open].reduce(
      (sum, connection) => sum + (recordOf(connection).affected ? 1 : 0),
      this.#closedAffected,
    );
  }

  /** The last thousand closed connections, then the open ones. */
  connections(): ConnectionRecord[] {
    return [...this.#closed.slice(-CLOSED_MAX), ...[...this.open].map(recordOf)];
  }
}

function addBytes(sum: ByteCounts, connection: Connection, direction: Direction): void {
  sum.received += connection.link(direction)?.bytesReceived ?? 0;
  sum.sent += connection.bytesSent(direction);
}

function recordOf(connection: Connection): ConnectionRecord {
  const bytesOf = (direction: Direction): ByteCounts => ({
    received: connection.link(direction)?.bytesReceived ?? 0,
    sent: connection.bytesSent(direction),
  });
  const toxics = directions.flatMap((direction) => connection.link(direction)?.toxics() ?? []);
  return {
    number: connection.number,
    peer: connection.peer,
    protocol: connection.conversation?.protocol ?? null,
    reachedUpstream: connection.started,
    openedAtMs: connection.openedAtMs,
    closedAtMs: connection.closedAtMs ?? null,
    affected:
      (connection.conversation?.faultsApplied ?? 0) > 0 || toxics.some((toxic) => hadEffect(toxic.effects)),
    bytes: { upstream: bytesOf('upstream'), downstream: bytesOf('downstream') },
    toxics,
  };
}
