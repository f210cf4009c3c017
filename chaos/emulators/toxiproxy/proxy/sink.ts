/** Where a chunk can go next: another toxic of the chain or, at its end, a socket. */
import type { Chunk } from '../toxics/toxic.ts';

export interface Sink {
  /** False while the sink would only queue what it is given. It may be given more all the same. */
  readonly ready: boolean;
  push(chunk: Chunk): void;
  /** The stream is over; what was pushed before is still delivered. */
  end(): void;
  /** Called whenever `ready` turns true again. Set by what feeds this sink. */
  onReady: () => void;
}
