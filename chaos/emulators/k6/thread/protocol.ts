/**
 * What the thread of a VU and the thread of the run say to each other. After each message to a VU the run counts up a word of
 * shared memory, so that a VU which stands still in a blocking call wakes up and looks.
 */
import type { CallFacts, Failure, Tags } from '../api/host.ts';
import type { ErrorFacts } from '../api/host.ts';
import type { ScriptCall, ScriptEnd, ScriptExports } from '../realm/script-instance.ts';
import type { GraphModule } from '../script/script-graph.ts';

export interface VuThreadData {
  readonly entry: string;
  readonly modules: readonly GraphModule[];
  readonly builtinModules: readonly GraphModule[];
  readonly environment: Readonly<Record<string, string>>;
  readonly seed: string | undefined;
  readonly vu: number;
  /** One word, counted up for every message. */
  readonly signal: Int32Array;
}

export type ToVu =
  | { readonly type: 'answer'; readonly value: unknown }
  | { readonly type: 'call'; readonly call: ScriptCall; readonly facts: CallFacts }
  | { readonly type: 'done'; readonly id: number; readonly value: unknown }
  | { readonly type: 'event'; readonly id: number; readonly event: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly failure: Failure }
  | { readonly type: 'interrupt' };

export type ToRun =
  | { readonly type: 'ask'; readonly name: string; readonly args: readonly unknown[] }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'ended'; readonly end: ScriptEnd; readonly tags: Tags }
  | { readonly type: 'init-failed'; readonly error: ErrorFacts }
  | { readonly type: 'ready'; readonly exports: ScriptExports }
  | { readonly type: 'release'; readonly id: number }
  | { readonly type: 'send'; readonly id: number; readonly command: unknown }
  | { readonly type: 'start'; readonly id: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly type: 'tell'; readonly calls: readonly (readonly [name: string, args: readonly unknown[]])[] };

/** Stands for something that stays in the thread of the run. */
export class RemoteHandle {
  readonly handle = true;
  readonly id: number;

  constructor(id: number) {
    this.id = id;
  }
}

/** How a handle looks in a message. */
export interface SentHandle {
  readonly sentHandle: number;
}

export function isSentHandle(value: unknown): value is SentHandle {
  return typeof value === 'object' && value !== null && 'sentHandle' in value;
}
