/** redlock has types and does not export them; this is the part that the benchmark uses. */
declare module 'redlock' {
  import type { Redis } from 'ioredis';

  export default class Redlock {
    constructor(clients: Iterable<Redis>, settings?: { readonly retryCount?: number });
    acquire(keys: string[], durationMs: number): Promise<{ release(): Promise<unknown> }>;
  }
}
