/**
 * A Redis server without sockets, files or a clock of its own: connections are objects that take bytes and give bytes, time, randomness and
 * the disk are handed in. Everything happens within calls of `receive` and callbacks of the clock, in an order that these decide alone.
 */
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';
import type { Bytes } from '../bytes/byte-string.ts';
import type { Client } from '../clients/client.ts';
import { commands } from '../commands/registry.ts';
import type { Configuration } from '../config/configuration.ts';
import { ScriptRandom } from '../lua/libraries/mathematics.ts';
import type { Disk } from '../persistence/disk.ts';
import { Persistence } from '../persistence/persistence.ts';
import { errorReply } from '../reply/reply.ts';
import { FunctionLibraries } from '../scripting/function-libraries.ts';
import { ScriptCache } from '../scripting/script-cache.ts';
import { ScriptHost } from '../scripting/script-host.ts';
import { afterCommand } from './call.ts';
import { dispatch } from './dispatch.ts';
import { DataDamagedError, loadRecords, replay } from './loading.ts';
import { ServerState, type LogLevel } from './server-state.ts';
import { Session, type Peer, type SessionHost } from './session.ts';

export interface EngineOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly configuration: Configuration;
  /** Where the data are kept; nothing outlives the engine without one. */
  readonly disk?: Disk;
  /** As INFO gives it; 0 where the server is not a process of its own. */
  readonly processId?: number;
  readonly log?: (level: LogLevel, text: string) => void;
  /** Told when a client asked for the end of the server. */
  readonly onShutdown?: () => void;
}

/** Ticks at which keys that expired unseen are removed. */
const expiryTickMs = 100;

export class Engine implements SessionHost, Disposable {
  readonly server: ServerState;
  readonly pending = new Set<Session>();
  readonly #sessions = new Map<Client, Session>();
  readonly #onShutdown: () => void;
  #expiryTimer: Disposable | undefined;
  #expiryTimerAtMs = Infinity;
  #idleTimer: Disposable | undefined;
  #isSettling = false;

  /** Loads what is on the disk. */
  constructor(options: EngineOptions) {
    const { clock, configuration, disk, random } = options;
    const log = options.log ?? (() => undefined);
    this.#onShutdown = options.onShutdown ?? (() => undefined);
    const logLevel = (): LogLevel => configuration.text('loglevel') as LogLevel;
    const randomness = new ScriptRandom();
    this.server = new ServerState({
      clock,
      random,
      configuration,
      scripts: new ScriptCache(new ScriptHost(log, logLevel), randomness),
      functions: new FunctionLibraries(new ScriptHost(log, logLevel), randomness),
      log,
      processId: options.processId ?? 0,
    });
    this.server.onLateChange = () => this.settle();
    this.server.users.setDefaultPassword(configuration.text('requirepass'));
    if (disk !== undefined) this.#openPersistence(disk);
  }

  connect(peer: Peer): Session {
    const { server } = this;
    const session = new Session(this, peer);
    const { client } = session;
    client.isAuthenticated = server.users.default.needsNoPassword && server.users.default.isEnabled;
    server.statistics.connectionsReceived += 1;
    const refusal = this.#refusalFor(peer);
    if (refusal !== undefined) {
      server.statistics.connectionsRejected += 1;
      session.send(errorReply(refusal));
      session.close(true);
      session.flush();
      return session;
    }
    server.clients.add(client);
    this.#sessions.set(client, session);
    this.#scheduleIdleCheck();
    return session;
  }

  #refusalFor(peer: Peer): string | undefined {
    const { configuration, clients } = this.server;
    if (clients.size >= configuration.number('maxclients')) return 'ERR max number of clients reached';
    const isProtected = configuration.flag('protected-mode') && this.server.users.default.needsNoPassword;
    if (!isProtected || peer.isLoopback) return undefined;
    return 'DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user. In this mode connections are only accepted from the loopback interface.';
  }

  /** As a signal asks for it, by words such as `nosave`; false when the data could not be saved, and it goes on. */
  shutDown(words: readonly string[]): boolean {
    const { configuration, log, persistence } = this.server;
    const saves =
      words.includes('save') || (!words.includes('nosave') && configuration.savePoints.length > 0);
    const isComplete = persistence?.close(saves) ?? true;
    if (isComplete || words.includes('force')) return true;
    log('warning', 'Errors trying to shut down the server. Check the logs for more information.');
    return false;
  }

  run(client: Client, words: readonly Bytes[]): 'done' | 'postponed' {
    return dispatch(this.server, client, words, commands);
  }

  closed({ client }: Session): void {
    const { server } = this;
    this.#sessions.delete(client);
    server.clients.delete(client);
    server.channels.drop(client);
    server.watches.removeAll(client);
    server.tracking.disable(client);
    server.monitors.delete(client);
    client.blocking?.release();
    client.blocking = undefined;
    client.isClosing = true;
  }

  /** After whatever happened: clients whose waiting ended go on, then everything is written down, then sent. */
  settle(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    const { server } = this;
    try {
      for (let client = server.resumed.shift(); client !== undefined; client = server.resumed.shift()) {
        this.#sessions.get(client)?.process();
      }
      server.tracking.broadcast();
      server.persistence?.flush();
      if (server.persistence?.isBroken === true) this.#giveUp();
      for (const session of this.pending) session.flush();
      this.pending.clear();
      this.#notePeakMemory();
    } finally {
      this.#isSettling = false;
    }
    this.#scheduleExpiry();
    if (server.isShutDown) this.#onShutdown();
  }

  /** Ends without acknowledging what is not on the disk. */
  #giveUp(): void {
    const { server } = this;
    server.log(
      'warning',
      "Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...",
    );
    for (const session of this.#sessions.values()) session.close(false);
    this.pending.clear();
    server.isShutDown = true;
  }

  /** Ends all connections; what has to be on the disk is. */
  [Symbol.dispose](): void {
    this.#expiryTimer?.[Symbol.dispose]();
    this.#idleTimer?.[Symbol.dispose]();
    this.server.pauseTimer?.[Symbol.dispose]();
    for (const session of this.#sessions.values()) session.close(false);
    this.server.persistence?.[Symbol.dispose]();
  }

  #openPersistence(disk: Disk): void {
    const { server } = this;
    const { clock, configuration, keyspace, functions, log } = server;
    const persistence = new Persistence({
      disk,
      clock,
      configuration,
      keyspace,
      functionCodes: () => functions.all.map(({ code }) => code),
      log,
      changes: server,
    });
    this.#load(persistence);
    persistence.start();
    server.persistence = persistence;
    this.#scheduleExpiry();
  }

  #load(persistence: Persistence): void {
    const { server } = this;
    const loaded = persistence.load();
    if (loaded.kind === 'damaged') throw new DataDamagedError(loaded.reason);
    if (loaded.kind === 'none') return;
    if (loaded.kind === 'loaded') {
      if (loaded.isTruncated)
        server.log('warning', 'The end of the append only file was torn; it was cut off');
      replay(server, loaded.commands, commands);
    } else {
      loadRecords(server, loaded.records);
    }
    server.statistics.reset();
  }

  /** Keys that expire without being looked at are removed at the next tick behind their time. */
  #scheduleExpiry(): void {
    const { server } = this;
    const next = server.keyspace.nextExpiryMs();
    if (next === undefined) return;
    const nowMs = Math.floor(server.clock.nowMs());
    const atMs = Math.max(nowMs + 1, Math.floor(next / expiryTickMs + 1) * expiryTickMs);
    if (this.#expiryTimer !== undefined && this.#expiryTimerAtMs <= atMs) return;
    this.#expiryTimer?.[Symbol.dispose]();
    this.#expiryTimerAtMs = atMs;
    this.#expiryTimer = server.clock.timer(Math.min(atMs - nowMs, 2 ** 31 - 1), () => {
      this.#expiryTimer = undefined;
      this.#expiryTimerAtMs = Infinity;
      if (server.script === undefined) {
        server.refreshTime();
        if (server.removesExpiredUnseen) server.keyspace.removeExpired();
        afterCommand(server);
      }
      this.settle();
    });
  }

  /** `timeout`: clients that send nothing for so long are let go. */
  #scheduleIdleCheck(): void {
    const { server } = this;
    if (server.configuration.number('timeout') === 0) return;
    this.#idleTimer ??= server.clock.timer(1000, () => {
      this.#idleTimer = undefined;
      const limitMs = server.configuration.number('timeout') * 1000;
      const nowMs = server.clock.nowMs();
      for (const [client, session] of this.#sessions) {
        const isExempt = client.blocking !== undefined || client.isSubscriber || client.isMonitor;
        if (limitMs > 0 && !isExempt && nowMs - client.lastInteractionMs > limitMs) session.close(false);
      }
      this.settle();
      if (this.#sessions.size > 0) this.#scheduleIdleCheck();
    });
  }

  #notePeakMemory(): void {
    const { statistics } = this.server;
    statistics.peakMemoryBytes = Math.max(statistics.peakMemoryBytes, this.server.usedMemoryBytes);
  }
}
