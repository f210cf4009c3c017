/** A fault at one call, as data: which call of which role, and what happens there. A plan, a timeline and a target write it like this. */
import { z } from 'zod';
import { storeErrorNames, storeOfError } from './store-errors.ts';

/** What can happen to a call, in the order in which they are tried. */
export const callFaultKinds = [
  'cut-before',
  'lose-reply',
  'error',
  'kill-before',
  'kill-after',
  'pause',
  'late-command',
  'late-reply',
] as const;
export type CallFaultKind = (typeof callFaultKinds)[number];

const lasting: ReadonlySet<CallFaultKind> = new Set(['late-command', 'late-reply', 'pause']);
const onProcesses: ReadonlySet<CallFaultKind> = new Set(['kill-after', 'kill-before', 'pause']);
const forMsMax = 60_000;
const timesMax = 1_000;

export const callParametersSchema = z
  .strictObject({
    /** Role of the process that makes the call. */
    role: z.string().min(1),
    store: z.enum(['mongo', 'redis']),
    command: z.string().min(1),
    /** Redis: pattern of the first argument; MongoDB: the collection. `*` stands for any characters. */
    target: z.string().min(1).default('*'),
    /** Which of the calls that match, counted from 1 since the fault was applied. */
    nth: z.int().min(1).default(1),
    /** How many of them from there on; one when absent. A process is killed or paused once. */
    times: z.int().min(1).max(timesMax).optional(),
    happens: z.enum(callFaultKinds),
    /** For `error`: the error that the store answers with. */
    error: z.enum(storeErrorNames).optional(),
    /** For `error` of MongoDB: whether the call is part of a transaction, or a write that is retried; its labels depend on it. */
    inTransaction: z.boolean().default(false),
    retryable: z.boolean().default(false),
    /** For what is late or paused: how long, in milliseconds. */
    forMs: z.int().min(1).max(forMsMax).optional(),
    /** Names it in the trace. */
    id: z.string().min(1).max(100).optional(),
  })
  .refine(({ happens, error }) => (happens === 'error') === (error !== undefined), {
    error: 'belongs to "happens": "error", and only there',
    path: ['error'],
  })
  .refine(({ store, error }) => error === undefined || storeOfError(error) === store, {
    error: 'is an error of the other store',
    path: ['error'],
  })
  .refine(({ happens, forMs }) => lasting.has(happens) === (forMs !== undefined), {
    error: 'belongs to "late-command", "late-reply" and "pause", and only there',
    path: ['forMs'],
  })
  .refine(({ happens, times = 1 }) => times === 1 || !onProcesses.has(happens), {
    error: 'a process is killed or paused once',
    path: ['times'],
  });
export type CallParameters = z.output<typeof callParametersSchema>;

/** Such as `api GET cart:*`, with `(2nd)` when it is not the first. */
export function callText({
  role,
  command,
  target,
  nth,
}: Pick<CallParameters, 'command' | 'nth' | 'role' | 'target'>): string {
  const which = nth === 1 ? '' : ` (${nth}${{ 2: 'nd', 3: 'rd' }[nth] ?? 'th'})`;
  return `${role} ${command}${target === '*' || target === '' ? '' : ` ${target}`}${which}`;
}
