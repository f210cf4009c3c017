/** Injections: one fault at the n-th command that matches, counted over the connections of several proxies. */
import { z } from 'zod';
import type { Clock } from '../../../clock.ts';
import type { Random } from '../../../random.ts';
import { ApiError } from '../errors.ts';
import type { ProxyCollection } from '../proxy/proxy-collection.ts';
import type { Proxy } from '../proxy/proxy.ts';
import {
  commandMatchFields,
  ProtocolFault,
  type Application,
  type FaultAction,
} from './faults/protocol-fault.ts';
import { endings } from './plan.ts';
import { storeErrorSchema } from './store-error.ts';
import type { Decision, Holds } from './holds.ts';

const DELAY_MS_MAX = 3_600_000;
const WAIT_MS_MAX = 600_000;
/** Removed injections whose effect is still told. */
const REMOVED_MAX = 1000;

const sides = z.enum(['request', 'reply']);

const actionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answer'), error: storeErrorSchema }),
  z.strictObject({ kind: z.literal('cut-before'), ending: z.enum(endings).default('close') }),
  z.strictObject({
    kind: z.literal('delay'),
    side: sides.default('reply'),
    delayMs: z.int().min(0).max(DELAY_MS_MAX),
  }),
  z.strictObject({
    kind: z.literal('hold'),
    side: sides.default('request'),
    waitMs: z.int().min(1).max(WAIT_MS_MAX).default(10_000),
    otherwise: z.enum(['pass', 'cut']).default('pass'),
  }),
  z.strictObject({ kind: z.literal('lose-reply'), ending: z.enum(endings).default('close') }),
]);
type Action = z.output<typeof actionSchema>;

export const injectionSchema = z
  .strictObject({
    name: z.string().min(1),
    /** All there are now unless given. */
    proxies: z.array(z.string()).min(1).optional(),
    ...commandMatchFields,
    times: z.int().min(1).nullable().default(1),
    action: actionSchema,
  })
  .refine(({ protocol, action }) => action.kind !== 'answer' || codeFits(protocol, action.error.code), {
    error: 'a word in capitals for redis, a number for mongo',
    path: ['action', 'error', 'code'],
  });
type InjectionSettings = z.output<typeof injectionSchema>;

function codeFits(protocol: string, code: string | number): boolean {
  return (protocol === 'redis') === (typeof code === 'string');
}

export interface DescribedInjection {
  readonly name: string;
  readonly settings: unknown;
  readonly removed: boolean;
  readonly effect: {
    readonly matched: number;
    readonly applied: number;
    /** Holds that got no decision in time. */
    readonly expired: number;
    readonly applications: readonly Application[];
  };
}

interface Entry {
  readonly settings: InjectionSettings;
  readonly fault: ProtocolFault;
  readonly proxies: readonly Proxy[];
  expired: number;
}

export interface InjectionContext {
  readonly proxies: ProxyCollection;
  readonly holds: Holds;
  readonly clock: Clock;
  readonly random: Random;
}

export class InjectionList {
  readonly #context: InjectionContext;
  readonly #entries = new Map<string, Entry>();
  readonly #removed: Entry[] = [];
  #added = 0;

  constructor(context: InjectionContext) {
    this.#context = context;
  }

  /** Those in force, in the order of adding, then those removed since. */
  all(): DescribedInjection[] {
    return [
      ...[...this.#entries.values()].map((entry) => describe(entry, false)),
      ...this.#removed.map((entry) => describe(entry, true)),
    ];
  }

  /** Throws ApiError injectionNotFound. */
  get(name: string): DescribedInjection {
    return describe(this.#find(name), false);
  }

  /** Throws ApiError injectionAlreadyExists or proxyNotFound; then nothing was added. */
  add(settings: InjectionSettings): DescribedInjection {
    const { proxies, clock, random } = this.#context;
    const { name, action } = settings;
    if (this.#entries.has(name)) throw new ApiError('injectionAlreadyExists');
    const meant = settings.proxies?.map((each) => proxies.get(each)) ?? proxies.all();
    this.#added += 1;
    const fault = new ProtocolFault({
      name,
      match: settings,
      side: sideOf(action),
      clock,
      random: random.fork(`injection/${name}/${this.#added}`),
      action: () => this.#act(name, action),
    });
    const entry: Entry = { settings, fault, proxies: meant, expired: 0 };
    for (const proxy of meant) proxy.addProtocolFault(fault);
    this.#entries.set(name, entry);
    return describe(entry, false);
  }

  /** Lets go what it holds or delays. Throws ApiError injectionNotFound. */
  remove(name: string): void {
    const entry = this.#find(name);
    this.#entries.delete(name);
    this.#context.holds.release(name);
    for (const proxy of entry.proxies) proxy.removeProtocolFault(entry.fault);
    this.#removed.push(entry);
    if (this.#removed.length > REMOVED_MAX) this.#removed.shift();
  }

  clear(): void {
    for (const name of this.#entries.keys()) this.remove(name);
  }

  #act(name: string, action: Action): FaultAction {
    switch (action.kind) {
      case 'answer':
        return { kind: 'answer', error: action.error };
      case 'delay':
        return { kind: 'delay', delayMs: action.delayMs };
      case 'cut-before':
      case 'lose-reply':
        return { kind: 'finish', afterBytes: 0, ending: action.ending };
      case 'hold': {
        const { side, waitMs } = action;
        const otherwise: Decision =
          action.otherwise === 'pass' ? { decision: 'pass' } : { decision: 'cut', ending: 'close' };
        const onExpired = () => {
          const entry = this.#entries.get(name);
          if (entry !== undefined) entry.expired += 1;
        };
        const options = { injection: name, side, waitMs, otherwise, onExpired };
        return { kind: 'hold', onHeld: (held) => this.#context.holds.add(held, options) };
      }
    }
  }

  #find(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new ApiError('injectionNotFound');
    return entry;
  }
}

function sideOf(action: Action): 'request' | 'reply' {
  switch (action.kind) {
    case 'answer':
    case 'cut-before':
      return 'request';
    case 'lose-reply':
      return 'reply';
    default:
      return action.side;
  }
}

function describe({ settings, fault, expired }: Entry, removed: boolean): DescribedInjection {
  const { name, ...rest } = settings;
  const { matchedCount: matched, appliedCount: applied, applications } = fault;
  return { name, settings: rest, removed, effect: { matched, applied, expired, applications } };
}
