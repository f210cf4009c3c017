/** autocannon has no types of its own; this is the part that the closed loop uses. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  interface RawRequest {
    method?: string;
    path?: string;
    body?: string;
    headers?: Record<string, string>;
  }
  interface Options {
    readonly url: string | readonly string[];
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    readonly timeout: number;
    /** Milliseconds. */
    readonly sampleInt: number;
    readonly skipAggregateResult: true;
    readonly requests: readonly { readonly setupRequest: (request: RawRequest) => RawRequest }[];
  }
  interface Instance extends EventEmitter, PromiseLike<unknown> {
    stop(): void;
  }
  export default function autocannon(options: Options): Instance;
}
