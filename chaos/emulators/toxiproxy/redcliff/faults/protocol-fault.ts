/**
 * Faults that choose by command: which commands they mean, how many of them, and what they do. Commands are counted
 * over all connections of the proxy, from the moment the fault is added.
 */
import { z } from 'zod';
import type { Clock } from '../../../../clock.ts';
import type { Random } from '../../../../random.ts';
import type { Ending } from '../plan.ts';
import { protocols, type Command, type Protocol } from '../protocol/scanner.ts';

export type FaultAction =
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'finish'; readonly afterBytes: number | 'half'; readonly ending: Ending };

/** One time that a fault really did something. */
export interface Application {
  readonly command: string;
  readonly target: string;
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
  /** Redis: the first argument; MongoDB: the collection. A final "*" matches any continuation. */
  target: z.string().min(1).optional(),
  /** Probability with which a command in the window is hit. */
  toxicity: z.number().min(0).max(1).default(1),
  /** The first matching command that is hit, counted from 1. */
  nth: z.int().min(1).default(1),
};

export interface CommandMatch {
  readonly protocol: Protocol;
  readonly command: string | string[];
  readonly target?: string | undefined;
  readonly toxicity: number;
  readonly nth: number;
  /** Matching commands hit from the n-th on; null for all. */
  readonly times: number | null;
}

export interface ProtocolFaultOptions {
  readonly match: CommandMatch;
  readonly side: 'request' | 'reply';
  readonly clock: Clock;
  readonly random: Random;
  readonly action: (random: Random) => FaultAction;
}

export class ProtocolFault {
  readonly protocol: Protocol;
  readonly side: 'request' | 'reply';
  /** Commands that matched, in the window or not. */
  matchedCount = 0;
  appliedCount = 0;
  readonly applications: Application[] = [];
  readonly #options: ProtocolFaultOptions;
  readonly #names: ReadonlySet<string>;

  constructor(options: ProtocolFaultOptions) {
    this.#options = options;
    this.protocol = options.match.protocol;
    this.side = options.side;
    this.#names = new Set([options.match.command].flat().map((name) => name.toLowerCase()));
  }

  /** What to do with this command, or with its reply; counts it when it matches. */
  decide(command: Command): FaultAction | undefined {
    const { nth, times, toxicity } = this.#options.match;
    if (!this.#matches(command)) return undefined;
    this.matchedCount += 1;
    if (this.matchedCount < nth) return undefined;
    if (times !== null && this.matchedCount >= nth + times) return undefined;
    if (this.#options.random.next() >= toxicity) return undefined;
    return this.#options.action(this.#options.random);
  }

  applied(command: Command, connection: number): void {
    this.appliedCount += 1;
    if (this.applications.length >= APPLICATIONS_MAX) return;
    const atMs = this.#options.clock.nowMs();
    this.applications.push({ command: command.name, target: command.target, connection, atMs });
  }

  #matches(command: Command): boolean {
    if (!this.#names.has('*') && !this.#names.has(command.name.toLowerCase())) return false;
    const { target } = this.#options.match;
    if (target === undefined) return true;
    return target.endsWith('*') ? command.target.startsWith(target.slice(0, -1)) : command.target === target;
  }
}
