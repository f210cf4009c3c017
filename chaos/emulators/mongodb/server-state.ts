/** Everything the commands of one server share. */
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import type { ChangeLog } from './changes/change-log.ts';
import type { CommandTraits } from './commands/command-traits.ts';
import type { RunningOperation } from './commands/running-operation.ts';
import type { CursorStore } from './cursors/cursor-store.ts';
import type { FailPoints } from './failpoint/fail-points.ts';
import type { ClusterClock } from './replication/cluster-clock.ts';
import type { ReplicaSetMember } from './replication/member.ts';
import type { SessionStore } from './sessions/session-store.ts';
import type { SnapshotStore } from './sessions/snapshot-store.ts';
import type { StorageEngine } from './storage/contract.ts';
import type { ClientConnection } from './wire/client-connection.ts';
import type { UserStore } from './auth/user-store.ts';
import type { Counters } from './counters.ts';

export interface ServerState {
  readonly host: string;
  readonly port: number;
  /** By name and alias. */
  readonly commands: ReadonlyMap<string, CommandTraits>;
  readonly clock: Clock;
  readonly random: Random;
  readonly engine: StorageEngine;
  readonly sessions: SessionStore;
  readonly snapshots: SnapshotStore;
  readonly cursors: CursorStore;
  readonly failPoints: FailPoints;
  readonly member: ReplicaSetMember;
  readonly clusterClock: ClusterClock;
  readonly changes: ChangeLog;
  readonly connections: Set<ClientConnection>;
  readonly operations: Set<RunningOperation>;
  readonly counters: Counters;
  readonly users: UserStore;
  /** Clients have to log in, and may do what their roles allow. */
  readonly requiresAuthentication: boolean;
  readonly startedAtMs: number;
  /** The data is kept in a folder and not only in memory. */
  readonly isPersistent: boolean;
  /** Server parameters that can be read with getParameter; some can be set. */
  readonly parameters: Map<string, unknown>;
  nextOperationId(): number;
  /** A programming error, which must not pass unseen. */
  reportDefect(thrown: unknown, requestId?: number): void;
}
