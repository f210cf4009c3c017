/** Everything that one server has beside its connections' input: all that commands read and change. */
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';
import { Users } from '../acl/users.ts';
import { AccessLog } from '../acl/access-log.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import type { Client } from '../clients/client.ts';
import { KeyWaits } from '../clients/key-waits.ts';
import { Clients } from '../clients/registry.ts';
import { TrackingTable } from '../clients/tracking.ts';
import { Watches } from '../clients/watches.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Database } from '../keyspace/database.ts';
import { Keyspace, type KeyspaceConditions } from '../keyspace/keyspace.ts';
import type { EventClass } from '../keyspace/notifications.ts';
import type { Persistence } from '../persistence/persistence.ts';
import type { PropagatedCommand } from '../persistence/propagated-command.ts';
import { Channels } from '../pubsub/channels.ts';
import type { Reply } from '../reply/reply.ts';
import type { FunctionLibraries } from '../scripting/function-libraries.ts';
import type { RunningScript } from '../scripting/running-script.ts';
import type { ScriptCache } from '../scripting/script-cache.ts';
import { LatencyLog } from './latency-log.ts';
import { SlowLog } from './slow-log.ts';
import { Statistics } from './statistics.ts';

export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning';

const bytesPerClient = 1800;

export interface ServerParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly configuration: Configuration;
  readonly scripts: ScriptCache;
  readonly functions: FunctionLibraries;
  readonly log: (level: LogLevel, text: string) => void;
  /** 0 where the server is not a process of its own. */
  readonly processId: number;
}

export interface Pause {
  readonly untilMs: number;
  readonly mode: 'all' | 'write';
}

/** The master that this server was told to follow; it never gets anything from it. */
export interface MasterAddress {
  readonly host: Bytes;
  readonly port: number;
}

export class ServerState implements KeyspaceConditions {
  readonly clock: Clock;
  readonly random: Random;
  readonly configuration: Configuration;
  readonly scripts: ScriptCache;
  readonly functions: FunctionLibraries;
  readonly log: (level: LogLevel, text: string) => void;
  readonly keyspace: Keyspace;
  readonly clients = new Clients();
  readonly channels = new Channels();
  readonly watches = new Watches();
  readonly waits = new KeyWaits();
  readonly tracking = new TrackingTable(this.clients);
  readonly statistics = new Statistics();
  readonly slowLog = new SlowLog();
  readonly latency = new LatencyLog();
  readonly users = new Users();
  readonly accessLog = new AccessLog();
  readonly monitors = new Set<Client>();
  /** Undefined in tests and in the scratch server that RESTORE works in. */
  persistence: Persistence | undefined = undefined;
  readonly processId: number;
  readonly runId: string;
  replicationId: string;
  readonly startedAtMs: number;
  nowMs: number;
  /** Bytes that an empty server reports to use. */
  readonly startupMemoryBytes = 876_000;
  /** Changes since the last snapshot. */
  dirty = 0;
  /** Commands within commands: in a transaction, in a script. */
  callDepth = 0;
  isLoading = false;
  /** Whether the limit of memory was exceeded when the command came. */
  isOutOfMemory = false;
  script: RunningScript | undefined = undefined;
  current: Client | undefined = undefined;
  pause: Pause | undefined = undefined;
  pauseTimer: Disposable | undefined = undefined;
  master: MasterAddress | undefined = undefined;
  /** DEBUG SET-ACTIVE-EXPIRE turns it off: keys then go only when they are looked at. */
  removesExpiredUnseen = true;
  /** Clients whose waiting ended, and whose input can go on. */
  readonly resumed: Client[] = [];
  readonly #propagated: PropagatedCommand[] = [];
  /** Called when a timer changed something outside of any client's turn. */
  onLateChange: () => void = () => undefined;
  /** By SHUTDOWN: the program ends after this turn. */
  isShutDown = false;

  constructor(parts: ServerParts) {
    this.clock = parts.clock;
    this.random = parts.random.fork('keyspace');
    this.configuration = parts.configuration;
    this.scripts = parts.scripts;
    this.functions = parts.functions;
    this.log = parts.log;
    this.processId = parts.processId;
    this.nowMs = Math.floor(parts.clock.nowMs());
    this.startedAtMs = this.nowMs;
    this.runId = randomHex(parts.random.fork('run id'), 40);
    this.replicationId = randomHex(parts.random.fork('replication id'), 40);
    this.keyspace = new Keyspace(parts.configuration.number('databases'), this, {
      modified: (database, key) => {
        this.watches.touch(database, key);
        this.tracking.invalidate(key, this.callDepth > 0 ? this.current : undefined);
      },
      ready: (database, key, type) => this.waits.signal(database, key, type),
      notify: (eventClass, event, database, key) => this.notify(eventClass, event, database, key),
      removed: (database, key) => this.propagate(database.index, ['DEL', key]),
    });
  }

  /** Time as the next command will see it. */
  refreshTime(): void {
    this.nowMs = Math.floor(this.clock.nowMs());
  }

  get removesExpired(): boolean {
    return this.master === undefined && !this.isPaused;
  }

  get countsFrequency(): boolean {
    return this.configuration.text('maxmemory-policy').endsWith('lfu');
  }

  get lfuLogFactor(): number {
    return this.configuration.number('lfu-log-factor');
  }

  get lfuDecayMinutes(): number {
    return this.configuration.number('lfu-decay-time');
  }

  get isPaused(): boolean {
    return this.pause !== undefined && this.pause.untilMs > this.nowMs;
  }

  get isReadonlyReplica(): boolean {
    return this.master !== undefined && this.configuration.flag('replica-read-only');
  }

  /** Its master never answers, so that its data are stale. */
  get isStale(): boolean {
    return this.master !== undefined && !this.configuration.flag('replica-serve-stale-data');
  }

  get clientMemoryBytes(): number {
    return this.clients.size * bytesPerClient;
  }

  get usedMemoryBytes(): number {
    const ownBytes = this.startupMemoryBytes + this.clientMemoryBytes;
    const scriptBytes = this.scripts.memoryBytes + this.functions.memoryBytes;
    return ownBytes + scriptBytes + this.keyspace.memoryBytes;
  }

  /** Back to zero, as CONFIG RESETSTAT has it. */
  resetStatistics(): void {
    this.statistics.reset();
    this.keyspace.resetStatistics();
  }

  notify(eventClass: EventClass, event: string, database: Database, key: Bytes): void {
    const { classes, byKey, byEvent } = this.configuration.notifications;
    if (!classes.has(eventClass)) return;
    if (byKey) this.channels.publish(`__keyspace@${database.index}__:${key}`, event);
    if (byEvent) this.channels.publish(`__keyevent@${database.index}__:${event}`, key);
  }

  propagate(database: number, words: readonly Bytes[]): void {
    this.#propagated.push({ database, words });
  }

  /** Commands that belong together and were not written down yet. */
  takePropagated(): PropagatedCommand[] {
    return this.#propagated.splice(0);
  }

  /** The command that the client waited in. */
  countFailureOf(client: Client): void {
    if (client.lastCommand !== undefined) this.statistics.command(client.lastCommand).failed += 1;
  }

  /** The client waited long enough. */
  timeOut(client: Client, reply: Reply): void {
    if (client.blocking === undefined) return;
    client.send(reply);
    this.unblock(client);
    this.onLateChange();
  }

  /** The client's command is over; what it sent meanwhile is processed. */
  unblock(client: Client): void {
    client.blocking?.release();
    client.blocking = undefined;
    if (!this.resumed.includes(client)) this.resumed.push(client);
  }
}

export function randomHex(random: Random, digits: number): string {
  let text = '';
  for (let count = 0; count < digits; count += 1) text += random.integer(0, 15).toString(16);
  return text;
}
