/**
 * What a target is: the processes of a system under test, the stores they need, and the few functions by which Redcliff seeds it, brings it to
 * rest and reads its final state. Everything here is what a user may write in `redcliff.config.ts`.
 */
import type { Evidence, FencedWrites } from '../../reports/record/evidence.ts';
import type { Operation } from '../../reports/history/operation.ts';
import type { CapacityProfile } from './capacity.ts';
import type { HttpAnswer, JsonObject, SeedContext, TargetContext } from './context.ts';
import type { Fault } from './fault.ts';
import type { Mutant } from './mutant.ts';
import type { Scenario } from './scenario.ts';

/** When a process counts as ready. `port`: something listens on its port. `command`: it ends with status 0, in the environment of the process. */
export type ReadyWhen =
  | { readonly command: readonly [string, ...string[]] }
  | { readonly log: RegExp }
  | { readonly http: string }
  | { readonly port: true }
  | { readonly started: true };

/** One role of the target: a command that runs once or several times. */
export interface ProcessRole {
  /** Program and arguments. `node` is the Node.js that runs Redcliff. */
  readonly command: readonly [string, ...string[]];
  /** How many instances run unless a scenario says otherwise; 1 by default. */
  readonly count?: number;
  /** Working folder, relative to the target's folder. */
  readonly cwd?: string;
  /** Environment of this role alone, over that of the target. */
  readonly env?: Readonly<Record<string, string>>;
  /** Name of the environment variable that takes the port it has to listen on. A role with a port serves requests. */
  readonly port?: string;
  /** By default: its port answers, or, without a port, it has started. */
  readonly ready?: ReadyWhen;
  readonly readyWithinMs?: number;
  /** Time between SIGTERM and SIGKILL when it is stopped. */
  readonly stopWithinMs?: number;
  /** Starts it again so long after it has ended by itself, as a supervisor does. Such an exit is reported all the same. Not started again when absent. */
  readonly restartAfterMs?: number;
  /** Works by itself, without requests. `clock-jump` chooses a process of such a role where there is one. */
  readonly daemon?: boolean;
}

/** A store as one process of the target sees it: through a proxy, which may be that process's own. */
export interface StoreAddress {
  /** Such as `redis://127.0.0.1:6379`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/**
 * What a target needs beside its Redis and MongoDB. `tcp`: the host and port of a server that runs already. `redis`: another Redis, empty in each cell.
 * `command`: a program that is started for each cell; `port` is the environment variable that takes the port it has to listen on.
 */
export type Dependency =
  | { readonly tcp: string }
  | { readonly redis: Readonly<Record<never, never>> }
  | {
      readonly command: readonly [string, ...string[]];
      readonly port: string;
      readonly env?: Readonly<Record<string, string>>;
      readonly ready?: ReadyWhen;
    };

/** Addresses for one process. */
export interface GivenAddresses {
  readonly redis: StoreAddress;
  /** `uri` is the address with the database of this run in its path. */
  readonly mongo: StoreAddress & { readonly uri: string; readonly database: string };
  /** The address of what `needs` names. Throws UsageError for any other name. */
  to(name: string): StoreAddress;
  /** Name of the process, such as `api-1`. */
  readonly instance: string;
  readonly role: string;
}

/** Health of a target; `gauges` are drawn over time in the report. */
export interface HealthReading {
  readonly well: boolean;
  readonly gauges?: Readonly<Record<string, number | null>>;
}

export interface HealthProbe {
  /** Path of the first serving process that is asked. */
  readonly path: string;
  /** Reads the answer; `status` is 0 when there was none. */
  readonly read: (answer: HttpAnswer) => HealthReading;
  /** Units of the gauges, by name. */
  readonly units?: Readonly<Record<string, string>>;
}

/** One change of a followed collection, in the order in which the database applied them. */
export interface DocumentChange {
  readonly collection: string;
  readonly id: string;
  /** The whole document after an insert or replacement; the changed fields after an update. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly whole: boolean;
}

/**
 * Follows writes made under locks, so that their order can be judged. `reader` is made once for each run and may keep state; it returns the
 * lock and fencing token of a write, or null for a change that is none.
 */
export interface FencedWriteFollower {
  readonly collections: readonly string[];
  readonly reader: () => (
    change: DocumentChange,
  ) => Pick<FencedWrites['writes'][number], 'lock' | 'token'> | null;
}

/** What the final read takes in. */
export interface StateScope {
  /** Collections of the database; all when absent. */
  readonly collections?: readonly string[];
  /** Patterns of Redis keys; all when absent. */
  readonly keys?: readonly string[];
}

/** What happens at one call, as `redcliff explore` names it (docs/exploring.md). */
export interface CallFault {
  /** Role of the process that makes the call. */
  readonly role: string;
  readonly store: 'mongo' | 'redis';
  readonly command: string;
  /** Redis: pattern of the first argument; MongoDB: the collection. Any when absent. */
  readonly target?: string;
  /** Which of the calls that match, counted from 1; 1 when absent. */
  readonly nth?: number;
  /** How many of them from there on; 1 when absent. */
  readonly times?: number;
  readonly happens: string;
  /** Name of the store's error, for `happens: 'error'`. */
  readonly error?: string;
  readonly inTransaction?: boolean;
  readonly retryable?: boolean;
  /** For what is late or paused; milliseconds. */
  readonly forMs?: number;
}

/**
 * A target that runs already, for faults of the network and load. Its stores are those of Redcliff, which exist only during a run: its own configuration
 * names the fixed ports, and it connects again by itself.
 */
export interface AttachedTarget {
  /** Addresses where it serves, by role, such as `{ api: ['http://127.0.0.1:3000'] }`. */
  readonly urls: Readonly<Record<string, readonly string[]>>;
  /** Ports on 127.0.0.1 where it finds `redis`, `mongo` and what `needs` names. What is left out has no faults that reach it. */
  readonly ports: Readonly<Record<string, number>>;
  /** Name of the database that it uses in MongoDB. Its documents are deleted before each cell, and all keys of Redis. */
  readonly database: string;
  /** Path that answers 2xx once it serves; by default any answer will do. */
  readonly ready?: string;
  /** 60,000 by default. */
  readonly readyWithinMs?: number;
}

export interface TargetDefinition {
  readonly name: string;
  readonly title?: string;
  /** Folder of the target, relative to the configuration file; that file's own folder by default. */
  readonly cwd?: string;
  /** Left out with `attach`. */
  readonly processes?: Readonly<Record<string, ProcessRole>>;
  readonly attach?: AttachedTarget;
  /** Commands that make the target ready to be started, run one after the other in its folder before anything else. */
  readonly build?: readonly (readonly [string, ...string[]])[];
  /** What it needs beside Redis and MongoDB, by name. Faults of the network to it are called by that name: `payments-down`. */
  readonly needs?: Readonly<Record<string, Dependency>>;
  /**
   * Places beside its stores that its processes may connect to, as `host` or `host:port`; all with `open`. None by default: then they are refused where
   * that is possible, and named.
   */
  readonly network?: 'open' | readonly string[];
  /** Environment of every process. A scenario's `settings` take precedence. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Environment that depends on the addresses. Takes precedence over `settings`. Left out with `attach`. */
  readonly env?: (given: GivenAddresses) => Readonly<Record<string, string>>;
  /** Fills the empty stores; what it returns is `world` of the scripts. */
  readonly seed?: (context: SeedContext) => Promise<JsonObject>;
  readonly health?: HealthProbe;
  /** Watches what the target does by itself after the load, before `quiesce` helps it. What it returns is kept in the evidence as `watched`. */
  readonly watch?: (context: TargetContext) => Promise<JsonObject>;
  /** Finishes open work after the load. Returns why it could not, or null. */
  readonly quiesce?: (context: TargetContext) => Promise<string | null>;
  /** Whether no work is left; polled until it is true. A text says what is still open. */
  readonly atRest?: (context: TargetContext) => Promise<boolean | string>;
  /** Time to wait once it is at rest, for TTLs to pass; milliseconds. */
  readonly settleMs?: number;
  /** Done right before the final state is read, such as reading through caches. What it returns is kept in the evidence as `lastReads`. */
  readonly beforeFinalReads?: (context: TargetContext) => Promise<JsonObject | void>;
  readonly state?: StateScope;
  /** Patterns of the Redis keys that are locks. */
  readonly locks?: readonly string[];
  readonly fencedWrites?: FencedWriteFollower;
  /**
   * True has Node.js processes note which request caused which command, by a module that is loaded before theirs: an AsyncLocalStorage in `http`, and
   * `write` of sockets. The trace of a cell then names the operation of a command.
   */
  readonly tieRequests?: boolean;
  /** False where the target's own invariants judge what `defaultInvariants()` do: those are added to every scenario otherwise. */
  readonly defaultInvariants?: false;
  /** What invariants judge by, milliseconds unless the name says otherwise. */
  readonly limits?: TargetLimits;
  /** Says what is wrong with the value of an operation of the history, or null. */
  readonly checkOperation?: (operation: Operation) => string | null;
  /** A record of a run in which nothing is wrong, other for each seed: what `redcliff verify judge` changes. */
  readonly simulate?: (seed: string) => {
    readonly history: readonly Operation[];
    readonly evidence: Evidence;
  };
  /** What no invariant judges, with the reason: places as `redcliff verify judge` names them, `*` stands for any text. */
  readonly notJudged?: Readonly<Record<string, string>>;
  /** Faults that only this target can have. One of the same name replaces a built-in fault. */
  readonly faults?: readonly Fault[];
  /** Faults at one call of a process to a store, by the names under which scenarios use them. */
  readonly calls?: Readonly<Record<string, CallFault>>;
  readonly scenarios: readonly Scenario[];
  readonly mutants?: readonly Mutant[];
  readonly capacity?: CapacityProfile;
}

export interface TargetLimits {
  /** Every request ends within this time. */
  readonly requestDeadlineMs?: number;
  /** From the last heal to the steady state. */
  readonly recoveryMs?: number;
  readonly [name: string]: number | undefined;
}
