/** Delays every chunk on its own, counted from its arrival, so that delays of a stream do not add up. */
import { defineToxic, type Chunk } from './toxic.ts';

/** `latency` ± `jitter` in milliseconds, uniform over whole milliseconds; order is kept. */
export const latency = defineToxic({
  type: 'latency',
  attributes: { latency: 'int64', jitter: 'int64' },
  bufferedChunksMax: 1024,
  attach: (stage) => (attributes) => {
    let held: Chunk | undefined;
    const drawDelayMs = (): number =>
      attributes.jitter > 0
        ? attributes.latency + stage.random.integer(0, attributes.jitter * 2 - 1) - attributes.jitter
        : attributes.latency;
    return {
      chunk: (chunk) => {
        const dueAtMs = chunk.receivedAtMs + drawDelayMs();
        const waitMs = dueAtMs - stage.nowMs();
        const deliver = (): void => {
          held = undefined;
          // A later toxic counts from here, so that two latencies in a chain add up.
          stage.emit({ data: chunk.data, receivedAtMs: Math.max(chunk.receivedAtMs, dueAtMs) });
          stage.next();
        };
        if (waitMs <= 0) {
          deliver();
          return;
        }
        held = chunk;
        stage.affected('bytesDelayed', chunk.data.length);
        stage.timer(waitMs, deliver);
      },
      end: () => stage.close(),
      interrupt: () => {
        if (held !== undefined) stage.emit(held);
        held = undefined;
      },
    };
  },
});
