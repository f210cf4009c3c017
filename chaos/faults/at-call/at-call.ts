/**
 * A fault at one call of a process to a store: the connection cut before it, its reply lost or late, an error of the store, or the process killed or
 * paused at that moment. The embedded Toxiproxy finds the call; what happens to the process is done here, while the proxy holds the message.
 */
import { z } from 'zod';
import {
  type ActiveFault,
  defineFault,
  type Effect,
  type Fault,
  type FaultContext,
} from '../../api/fault.ts';
import { onlyOnce } from '../../api/fault.ts';
import type { Random } from '../../random.ts';
import { request } from '../proxies.ts';
import { type CallParameters, callParametersSchema, callText } from './call-parameters.ts';
import { isNotPrimary, storeError } from './store-errors.ts';

/** Name of the fault whose parameters say which call. */
export const atCallName = 'at-call';
/** A proxy that gets no decision lets the message pass. */
const holdMs = 10_000;
/** How long a killed process stays away, as under a supervisor that starts it again. */
const awayMs = 150;
const pollMs = 1_000;
const restMs = 5;

let count = 0;

/** `roles`: those of the target; a fault without parameters of its own is at any call of one of them. */
export function atCall(roles: readonly string[]): Fault {
  return callFault(atCallName, 'A fault at one call of a process to a store', (random) => ({
    role: random.pick(roles),
    store: random.pick(['mongo', 'redis'] as const),
    command: '*',
    target: '*',
    nth: random.integer(1, 20),
    happens: random.pick(['cut-before', 'lose-reply', 'kill-after'] as const),
    inTransaction: false,
    retryable: false,
  }));
}

/** One with parameters of its own, which a target declares under `calls`. Throws a ZodError when they are wrong. */
export function declaredCall(name: string, parameters: unknown): Fault {
  const parsed = callParametersSchema.parse(parameters);
  return callFault(name, `${happensText(parsed)} at ${callText(parsed)}`, () => parsed);
}

function callFault(name: string, title: string, draw: (random: Random) => CallParameters): Fault {
  return defineFault({
    name,
    title,
    needs: ['toxiproxy-extensions'],
    // One call is broken, not a store: several such faults may be in force at once.
    breaks: [],
    proofNeeds: [],
    parameters: callParametersSchema,
    draw,
    apply: applyAtCall,
  });
}

async function applyAtCall(context: FaultContext, parameters: CallParameters): Promise<ActiveFault> {
  const { proxies } = context;
  const { role, store, command, target, nth } = parameters;
  count += 1;
  const name = parameters.id ?? `${atCallName}-${count}`;
  const own = proxies.to(store, role);
  if (own.length === 0) return neverReached(parameters, `the role ${role} has no proxy to ${store}`);
  const injections = `${proxies.api}/redcliff/injections`;
  await request('POST', injections, {
    name,
    proxies: own,
    protocol: store,
    command,
    ...(target === '*' || target === '' ? {} : { target }),
    nth,
    times: parameters.times ?? 1,
    action: await actionOf(context, parameters),
  });
  const url = `${injections}/${encodeURIComponent(name)}`;
  const victim = victimOf(context, name, parameters);
  return {
    effect: async () => {
      const { applied, matched, applications } = readEffect(await request('GET', url));
      const [first] = applications;
      const at = first === undefined ? '' : ` (${first.command} ${first.target} of ${first.proxy})`;
      const process = first === undefined ? null : proxies.processOf(first.proxy);
      const instance = Number(/-(\d+)$/.exec(process ?? '')?.[1] ?? 0);
      const done = applied > 0 && victim.failure() === null;
      return {
        observed: done,
        evidence:
          applied === 0
            ? `${callText(parameters)} was not called: ${matched} calls matched, the ${nth}. was meant`
            : (victim.failure() ??
              `${happensText(parameters)} at ${callText(parameters)}${at}${applied === 1 ? '' : `, ${applied} times`}`),
        measures: {
          matched,
          applied,
          ...(first === undefined ? {} : { atMs: first.atMs, instance }),
          ...(done && parameters.happens === 'pause'
            ? { pausedMs: parameters.forMs ?? 0, serving: isServing(context, process) ? 1 : 0 }
            : {}),
        },
      };
    },
    heal: onlyOnce(async () => {
      await victim.end();
      await request('DELETE', url);
    }),
  };
}

function isServing({ processes }: FaultContext, name: string | null): boolean {
  return (processes.find(name ?? '')?.url ?? null) !== null;
}

function neverReached(parameters: CallParameters, why: string): ActiveFault {
  const effect: Effect = { observed: false, evidence: `${callText(parameters)}: ${why}`, measures: {} };
  return { effect: () => Promise.resolve(effect), heal: () => Promise.resolve() };
}

async function actionOf(
  { observer }: FaultContext,
  parameters: CallParameters,
): Promise<Readonly<Record<string, unknown>>> {
  const { happens, forMs, error } = parameters;
  switch (happens) {
    case 'cut-before':
      return { kind: 'cut-before', ending: 'reset' };
    case 'lose-reply':
      return { kind: 'lose-reply', ending: 'reset' };
    case 'late-command':
      return { kind: 'delay', side: 'request', delayMs: forMs };
    case 'late-reply':
      return { kind: 'delay', side: 'reply', delayMs: forMs };
    case 'error':
      return {
        kind: 'answer',
        error:
          error === undefined
            ? null
            : { ...storeError(error, parameters), ...(isNotPrimary(error) ? await stateOf(observer) : {}) },
      };
    case 'kill-before':
      return { kind: 'hold', side: 'request', waitMs: holdMs, otherwise: 'pass' };
    case 'kill-after':
    case 'pause':
      return { kind: 'hold', side: 'reply', waitMs: holdMs, otherwise: 'pass' };
  }
}

const helloSchema = z.object({
  topologyVersion: z.object({ processId: z.unknown(), counter: z.unknown() }).optional(),
});

/**
 * The state that the server is in. Without it a driver takes the error for a new state of which the server has still to tell it, and waits for that in
 * vain, up to ten seconds; with it the error is one of an election that is over.
 */
async function stateOf({ database }: FaultContext['observer']): Promise<Readonly<Record<string, unknown>>> {
  const { topologyVersion } = helloSchema.parse(await database.admin().command({ hello: 1 }));
  if (topologyVersion === undefined) return {};
  const { processId, counter } = topologyVersion;
  return { topologyVersion: { processId: String(processId), counter: Number(counter) } };
}

const words: Readonly<Record<CallParameters['happens'], string>> = {
  'cut-before': 'connection cut before the command',
  'lose-reply': 'reply lost after the command took effect',
  'late-command': 'command delivered late',
  'late-reply': 'reply delivered late',
  error: 'error of the store',
  'kill-before': 'process killed before the command took effect',
  'kill-after': 'process killed after the command took effect',
  pause: 'process paused after the command took effect',
};

export function happensText({ happens, error, forMs }: Pick<CallParameters, 'error' | 'forMs' | 'happens'>) {
  if (error !== undefined) return `error ${error}`;
  return `${words[happens]}${forMs === undefined ? '' : ` (${forMs} ms)`}`;
}

/** What is done to the process that made the call, once the proxy holds its message. */
interface Victim {
  /** Why nothing was done, or null. */
  failure(): string | null;
  /** Leaves the process running. */
  end(): Promise<void>;
}

const untouched: Victim = { failure: () => null, end: () => Promise.resolve() };

function victimOf(context: FaultContext, injection: string, parameters: CallParameters): Victim {
  const { happens, forMs = 0 } = parameters;
  if (happens !== 'kill-after' && happens !== 'kill-before' && happens !== 'pause') return untouched;
  const { proxies, processes, clock, signal } = context;
  const over = new AbortController();
  let failure: string | null = null;
  const act = async (): Promise<void> => {
    const hold = await nextHold(context, injection, over.signal);
    if (hold === null) return;
    const decide = (decision: unknown) =>
      request('POST', `${proxies.api}/redcliff/holds/${hold.id}`, decision).catch(() => undefined);
    const process = processes.find(proxies.processOf(hold.proxy) ?? '');
    if (process === undefined || !process.running()) {
      failure =
        process === undefined
          ? 'it is not known which process made the call, because several share the proxy'
          : `${process.name} was not running any more`;
      await decide({ decision: 'pass' });
      return;
    }
    if (happens === 'pause') {
      process.pause();
      await decide({ decision: 'pass' });
      // Healing, or the end of the run, ends the pause early.
      await clock.sleep(forMs, AbortSignal.any([signal, over.signal])).catch(() => undefined);
      process.resume();
      return;
    }
    await process.kill();
    await decide(happens === 'kill-before' ? { decision: 'cut', ending: 'reset' } : { decision: 'pass' });
    await clock.sleep(awayMs);
    await process.start();
  };
  const acting = act();
  acting.catch(() => undefined);
  return {
    failure: () => failure,
    end: async () => {
      over.abort();
      await acting;
    },
  };
}

const holdSchema = z.object({ id: z.int(), injection: z.string(), proxy: z.string() });
const holdsSchema = z.object({ holds: z.array(holdSchema) });

/** The first message that the injection holds; null when there is none before `over`. */
async function nextHold({ proxies, clock, signal }: FaultContext, injection: string, over: AbortSignal) {
  while (!over.aborted && !signal.aborted) {
    const text = await request(
      'GET',
      `${proxies.api}/redcliff/holds?waitMs=${pollMs}`,
      undefined,
      over,
    ).catch((error: unknown) => {
      if (over.aborted) return null;
      throw error;
    });
    if (text === null) return null;
    const { holds } = holdsSchema.parse(JSON.parse(text));
    const own = holds.find((hold) => hold.injection === injection);
    if (own !== undefined) return own;
    // Those of other injections are answered at once, again and again.
    if (holds.length > 0) await clock.sleep(restMs);
  }
  return null;
}

const effectSchema = z.object({
  effect: z.object({
    matched: z.number(),
    applied: z.number(),
    applications: z.array(
      z.object({ command: z.string(), target: z.string(), proxy: z.string(), atMs: z.number() }),
    ),
  }),
});

function readEffect(text: string) {
  return effectSchema.parse(JSON.parse(text)).effect;
}
