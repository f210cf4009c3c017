/** The faults of one proxy: added by JSON, listed with what they did, removable. */
import { z } from 'zod';
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';
import { ApiError } from '../errors.ts';
import type { FaultEffect, FaultHost, RunningFault } from './faults/fault.ts';
import { faultKinds } from './faults/registry.ts';
import { parseValue } from './parse-body.ts';

const kindsByName = new Map(faultKinds.map((kind) => [kind.kind, kind]));
const headSchema = z.looseObject({
  kind: z.enum(faultKinds.map((kind) => kind.kind)),
  name: z.string().min(1).optional(),
});

/** Removed faults whose effect is still told. */
const REMOVED_MAX = 1000;

export interface DescribedFault {
  readonly name: string;
  readonly kind: string;
  readonly settings: unknown;
  readonly removed: boolean;
  readonly effect: FaultEffect;
}

interface Entry {
  readonly name: string;
  readonly kind: string;
  readonly settings: unknown;
  readonly running: RunningFault;
}

export class FaultList {
  readonly #entries = new Map<string, Entry>();
  readonly #removed: Entry[] = [];
  #added = 0;
  readonly #host: FaultHost;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(host: FaultHost, context: { readonly clock: Clock; readonly random: Random }) {
    this.#host = host;
    this.#clock = context.clock;
    this.#random = context.random;
  }

  /** Faults in force, in the order of adding. */
  all(): DescribedFault[] {
    return [...this.#entries.values()].map((entry) => describe(entry, false));
  }

  /** Those removed since, oldest first; a thousand at most. */
  removed(): DescribedFault[] {
    return this.#removed.map((entry) => describe(entry, true));
  }

  /** Throws ApiError faultNotFound. */
  get(name: string): DescribedFault {
    return describe(this.#find(name), false);
  }

  /** Throws ApiError badRequestBody (with the field) or faultAlreadyExists. */
  add(request: unknown): DescribedFault {
    const { kind, name, ...rest } = parseValue(headSchema, request);
    const definition = kindsByName.get(kind);
    if (definition === undefined) throw new ApiError('badRequestBody', 'kind');
    const settings = parseValue(definition.schema, rest);
    const faultName = name ?? kind;
    if (this.#entries.has(faultName)) throw new ApiError('faultAlreadyExists');
    this.#added += 1;
    const random = this.#random.fork(`fault/${faultName}/${this.#added}`);
    const context = { name: faultName, host: this.#host, clock: this.#clock, random };
    const entry = { name: faultName, kind, settings, running: definition.start(rest, context) };
    this.#entries.set(faultName, entry);
    return describe(entry, false);
  }

  /** Throws ApiError faultNotFound. */
  remove(name: string): void {
    const entry = this.#find(name);
    this.#entries.delete(name);
    entry.running[Symbol.dispose]();
    this.#removed.push(entry);
    if (this.#removed.length > REMOVED_MAX) this.#removed.shift();
  }

  clear(): void {
    for (const name of this.#entries.keys()) this.remove(name);
  }

  #find(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new ApiError('faultNotFound');
    return entry;
  }
}

function describe(entry: Entry, removed: boolean): DescribedFault {
  const { name, kind, settings, running } = entry;
  return { name, kind, settings, removed, effect: running.effect() };
}
