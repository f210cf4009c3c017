/** Delays the close of a connection; data passes untouched. */
import { defineToxic } from './toxic.ts';

/** `delay` in milliseconds from the end of the stream to the close. */
export const slowClose = defineToxic({
  type: 'slow_close',
  attributes: { delay: 'int64' },
  attach: (stage) => (attributes) => ({
    chunk: (chunk) => {
      stage.emit(chunk);
      stage.next();
    },
    end: () => {
      stage.affected('closesDelayed');
      stage.timer(attributes.delay, () => stage.close());
    },
  }),
});
