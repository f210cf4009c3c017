/** What the functions of a target, its faults and its measurements can use: processes, stores, HTTP, clock. */
import type { Redis } from 'ioredis';
import type { Db } from 'mongodb';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';

/** A running process of the target. */
export interface TargetProcess {
  /** Such as `api-1`. */
  readonly name: string;
  readonly role: string;
  /** Base address of a role with a port, without a slash at the end. */
  readonly url: string | null;
  readonly logFile: string;
  running(): boolean;
  /** Starts it as a supervisor would: same name, port and settings. Resolves when it is ready. */
  start(options?: { readonly nodeOptions?: readonly string[] }): Promise<void>;
  /** SIGSTOP to its whole group. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** Any other signal; ignored when it is not running. */
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL when it does not end in time. */
  stop(): Promise<void>;
}

export interface TargetProcesses {
  readonly all: readonly TargetProcess[];
  withRole(role: string): readonly TargetProcess[];
  find(name: string): TargetProcess | undefined;
}

export interface HttpAnswer {
  /** 0 when no answer came within the deadline. */
  readonly status: number;
  /** Parsed JSON, else the text; null without an answer. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** Requests of the harness itself, each with a deadline. A path without a host goes to the first process that serves. */
export interface HttpClient {
  get(url: string, options?: HttpOptions): Promise<HttpAnswer>;
  post(url: string, body: unknown, options?: HttpOptions): Promise<HttpAnswer>;
}

export interface HttpOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly deadlineMs?: number;
}

/** What the target's functions may use. The stores are reached directly, past the proxies. */
export interface TargetContext {
  readonly processes: TargetProcesses;
  /** Base addresses by role, of the roles that have a port. */
  readonly urls: Readonly<Record<string, readonly string[]>>;
  readonly http: HttpClient;
  readonly redis: Redis;
  readonly mongo: Db;
  readonly clock: Clock;
  /** Aborted when the run is abandoned. */
  readonly signal: AbortSignal;
  /** Polls until the condition is true; false when it was not within `limitMs`. */
  until(condition: () => Promise<boolean>, limitMs: number): Promise<boolean>;
}

/** What a target is started for. `world` is the scenario's own, as it was declared. */
export interface SeedContext extends TargetContext {
  readonly run: { readonly name: string; readonly seed: string; readonly world: JsonObject };
  readonly random: Random;
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };
