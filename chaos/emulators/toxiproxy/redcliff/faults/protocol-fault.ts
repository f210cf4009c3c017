/**
 * Faults that choose by command: which commands they mean, how many of them, and what they do. Commands are counted
 * over all connections of the proxy, from the moment the fault is added.
 */
import { z } from 'zod';
import type { Clock } from '../../../../clock.ts';
import type { Random } from '../../../../random.ts';
import type { Ending } from '../plan.ts';
import { protocols, type Command, type Protocol } from '../protocol/scanner.ts';
import type { StoreError } from '../store-error.ts';

export type FaultAction =
  /** The store is not asked, and the client gets this error for an answer. */
  | { readonly kind: 'answer'; readonly error: StoreError }
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Held until `onHeld` has called back. */
  | { readonly kind: 'hold'; readonly onHeld: (held: HeldMessage) => void }
  | { readonly kind: 'finish'; readonly afterBytes: number | 'half'; readonly ending: Ending };

/** A command, or its reply, that waits in the proxy. One of the two may be called, once. */
export interface HeldMessage {
  readonly application: Application;
  pass(): void;
  /** Ends the connection; the message never arrives. */
  cut(ending: Ending): void;
  /** The connection is over anyway. */
  readonly gone: () => boolean;
}

/** One time that a fault really did something. */
export interface Application {
  readonly command: string;
  readonly target: string;
  readonly proxy: string;
  readonly connection: number;
  /** Wall clock, milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** Applications kept for the proof of effect; the count goes on beyond. */
const APPLICATIONS_MAX = 1000;

export const commandMatchFields = {
  protocol: z.enum(protocols),
  /** Names of commands, whatever their case; "*" for any. */
  command: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  /** Redis: the first argument; MongoDB: the collection. "*" stands for any characters. */
  target: z.string().min(1).optional(),
  /** Only commands before which such a one went over the same connection, since the last hit there. */
  after: z.strictObject({ command: z.string().min(1), target: z.string().min(1).optional() }).optional(),
  /** Probability with which a command in the window is hit. */
  toxicity: z.number().min(0).max(1).default(1),
  /** The first matching command that is hit, counted from 1. */
  nth: z.int().min(1).default(1),
};

export interface CommandMatch {
  readonly protocol: Protocol;
  readonly command: string | string[];
  readonly target?: string | undefined;
  readonly after?: { readonly command: string; readonly target?: string | undefined } | undefined;
  readonly toxicity: number;
  readonly nth: number;
  /** Matching commands hit from the n-th on; null for all. */
  readonly times: number | null;
}

/** Where a command came through. */
export interface CommandPlace {
  readonly proxy: string;
  readonly connection: number;
}

export interface ProtocolFaultOptions {
  readonly name: string;
  readonly match: CommandMatch;
  readonly side: 'request' | 'reply';
  readonly clock: Clock;
  readonly random: Random;
  readonly action: (random: Random) => FaultAction;
}

export class ProtocolFault {
  readonly name: string;
  readonly protocol: Protocol;
  readonly side: 'request' | 'reply';
  /** Commands that matched, in the window or not. */
  matchedCount = 0;
  appliedCount = 0;
  readonly applications: Application[] = [];
  readonly #options: ProtocolFaultOptions;
  readonly #matches: (command: Command) => boolean;
  readonly #precedes: ((command: Command) => boolean) | undefined;
  /** Connections over which a command of `after` has gone. */
  readonly #armed = new Set<string>();

  constructor(options: ProtocolFaultOptions) {
    const { match } = options;
    this.#options = options;
    this.name = options.name;
    this.protocol = match.protocol;
    this.side = options.side;
    this.#matches = matcher(match.command, match.target);
    this.#precedes = match.after === undefined ? undefined : matcher(match.after.command, match.after.target);
  }

  /** What to do with this command, or with its reply; counts it when it matches. */
  decide(command: Command, place: CommandPlace): FaultAction | undefined {
    if (!this.#follows(command, place)) return undefined;
    const { nth, times, toxicity } = this.#options.match;
    this.matchedCount += 1;
    if (this.matchedCount < nth) return undefined;
    if (times !== null && this.matchedCount >= nth + times) return undefined;
    if (this.#options.random.next() >= toxicity) return undefined;
    return this.#options.action(this.#options.random);
  }

  applied(command: Command, place: CommandPlace): Application {
    this.appliedCount += 1;
    const atMs = this.#options.clock.nowMs();
    const application = { command: command.name, target: command.target, ...place, atMs };
    if (this.applications.length < APPLICATIONS_MAX) this.applications.push(application);
    return application;
  }

  /** Whether the command matches, in its order where one is asked for. */
  #follows(command: Command, { proxy, connection }: CommandPlace): boolean {
    const matches = this.#matches(command);
    if (this.#precedes === undefined) return matches;
    const key = `${connection} ${proxy}`;
    const hit = matches && this.#armed.delete(key);
    if (this.#precedes(command)) this.#armed.add(key);
    return hit;
  }
}

function matcher(
  names: string | readonly string[],
  target: string | undefined,
): (command: Command) => boolean {
  const wanted = new Set([names].flat().map((name) => name.toLowerCase()));
  const pattern = target?.includes('*') === true ? globPattern(target) : undefined;
  return (command) => {
    if (!wanted.has('*') && !wanted.has(command.name.toLowerCase())) return false;
    if (target === undefined) return true;
    return pattern === undefined ? command.target === target : pattern.test(command.target);
  };
}

function globPattern(glob: string): RegExp {
  const parts = glob.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
