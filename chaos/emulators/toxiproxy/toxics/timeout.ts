/** Swallows all data and closes the connection when none came for a while; removing it closes the connection too. */
import { defineToxic } from './toxic.ts';

/** `timeout` in milliseconds since the last chunk; 0 never closes. */
export const timeout = defineToxic({
  type: 'timeout',
  attributes: { timeout: 'int64' },
  closesWhenRemoved: true,
  attach: (stage) => (attributes) => {
    const waitForSilence = (): void => {
      if (attributes.timeout <= 0) return;
      stage.timer(attributes.timeout, () => {
        stage.affected('closed');
        stage.close();
      });
    };
    waitForSilence();
    return {
      chunk: (chunk) => {
        stage.affected('bytesDropped', chunk.data.length);
        waitForSilence();
        stage.next();
      },
      end: () => stage.close(),
    };
  },
});
