/**
 * Ends the connection when the first chunk (or the end) passes. On connections that began under the toxic both sides
 * are closed by RST; one that was open before ends with FIN, because the original sets SO_LINGER only at the start.
 */
import { defineToxic } from './toxic.ts';

/** `timeout` in milliseconds from the first chunk. Once that came, the end cannot be called off. */
export const resetPeer = defineToxic({
  type: 'reset_peer',
  attributes: { timeout: 'int64' },
  resetsPeers: true,
  attach: (stage) => (attributes) => {
    let committed = false;
    const reset = (): void => {
      committed = true;
      stage.timer(attributes.timeout, () => {
        stage.affected('reset');
        stage.close();
      });
    };
    return {
      chunk: (chunk) => {
        stage.affected('bytesDropped', chunk.data.length);
        reset();
      },
      end: reset,
      committed: () => committed,
    };
  },
});
