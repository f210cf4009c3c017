/** Passes data at a limited rate. A rate of 0 blocks everything, as in the original. */
import { defineToxic, type Chunk } from './toxic.ts';

const PORTION_MS = 100;

/** `rate` in kB/s (1000 bytes). A chunk worth more than 100 ms is sent in portions of 100 ms. */
export const bandwidth = defineToxic({
  type: 'bandwidth',
  attributes: { rate: 'int64' },
  attach: (stage) => (attributes) => {
    const bytesPerMs = Math.max(0, attributes.rate);
    const portionBytes = bytesPerMs * PORTION_MS;
    let held: Chunk | undefined;
    // What a timer overslept is taken off the next wait, so that the rate holds on average.
    let oversleptMs = 0;

    const sendHeld = (): void => {
      if (held === undefined) {
        stage.next();
        return;
      }
      const { data, receivedAtMs } = held;
      const portion = data.subarray(0, portionBytes);
      const waitMs = portion.length / bytesPerMs - oversleptMs;
      const startedAtMs = stage.nowMs();
      const deliver = (): void => {
        oversleptMs = stage.nowMs() - startedAtMs - waitMs;
        held =
          portion.length < data.length ? { data: data.subarray(portion.length), receivedAtMs } : undefined;
        stage.emit({ data: portion, receivedAtMs });
        sendHeld();
      };
      if (waitMs <= 0) deliver();
      else stage.timer(waitMs, deliver);
    };
    return {
      chunk: (chunk) => {
        stage.affected('bytesDelayed', chunk.data.length);
        held = chunk;
        if (bytesPerMs > 0) sendHeld();
      },
      end: () => stage.close(),
      interrupt: () => {
        if (held !== undefined) stage.emit(held);
        held = undefined;
      },
    };
  },
});
