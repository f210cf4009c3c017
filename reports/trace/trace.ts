/**
 * trace.ndjson of a cell: every command that crossed the proxies while it ran. The first line is the head, each further one a command; all times are
 * milliseconds since the Unix epoch, measured at the proxy on the side of the store.
 */
import { z } from 'zod';
import type { Operation } from '../history/operation.ts';

export const traceVersion = 1;

const spanSchema = z.object({ fromMs: z.number(), toMs: z.number() });

export const traceHeadSchema = z.object({
  traceVersion: z.literal(traceVersion),
  fromMs: z.number(),
  toMs: z.number(),
  /** Times of which not every command was kept, for want of memory or room. */
  dropped: z.array(spanSchema),
  /** What stands at the two ends of each proxy; `process` is null where several processes share it. */
  proxies: z.record(z.string(), z.object({ store: z.string(), process: z.string().nullable() })).default({}),
});
export type TraceHead = z.infer<typeof traceHeadSchema>;

export const tracedCommandSchema = z.object({
  proxy: z.string(),
  /** Counts from 1 on each proxy. */
  connection: z.int(),
  /** The client's address, host:port. */
  peer: z.string().default(''),
  protocol: z.enum(['mongo', 'redis']),
  command: z.string(),
  /** Redis: the first argument; MongoDB: the collection. */
  target: z.string(),
  /** Redis: bounded in number and length, passwords left out. */
  arguments: z.array(z.string()).optional(),
  /** MongoDB: the command without what every command carries. */
  database: z.string().optional(),
  body: z.record(z.string(), z.unknown()).optional(),
  startedMs: z.number(),
  /** When the store's reply had come; null without one. */
  endedMs: z.number().nullable(),
  /** Bytes that the client had sent on the connection before. */
  streamOffset: z.number(),
  requestBytes: z.number(),
  replyBytes: z.number(),
  reply: z.unknown(),
  /** False when the reply may have been dropped from the recording. */
  replyKept: z.boolean().default(true),
  /** What the store called wrong, or of one of its writes. */
  error: z.string().optional(),
  /** The fault that acted on the command or its reply. */
  fault: z.object({ name: z.string(), side: z.string(), action: z.string() }).optional(),
  /** Process that sent it; absent where it is not known. */
  process: z.string().optional(),
  /** Name (`operationName`) of the operation whose request made the process send it; absent where it is not known. */
  operation: z.string().optional(),
});
export type TracedCommand = z.infer<typeof tracedCommandSchema>;

export interface Trace {
  readonly head: TraceHead;
  /** In the order in which they started. */
  readonly commands: readonly TracedCommand[];
}

/** As the script library names an operation in the header `x-redcliff-operation` of its requests. */
export function operationName({ process, startedMs }: Pick<Operation, 'process' | 'startedMs'>): string {
  return `${process}@${startedMs}`;
}

/** The fate of a command as its client saw it. */
export type CommandFate = 'answered' | 'error' | 'reply lost' | 'no reply';

export function fateOf(command: TracedCommand): CommandFate {
  const { endedMs, error, fault } = command;
  const lost = fault?.side === 'reply' && ['close', 'hang', 'reset', 'cut'].includes(fault.action);
  if (lost) return 'reply lost';
  if (endedMs === null) return 'no reply';
  return error === undefined ? 'answered' : 'error';
}
