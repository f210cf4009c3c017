/** Passes a number of bytes, then closes the connection. */
import { defineToxic } from './toxic.ts';

/** `bytes` counts from the moment the toxic met the connection, also across updates. */
export const limitData = defineToxic({
  type: 'limit_data',
  attributes: { bytes: 'int64' },
  attach: (stage) => {
    let bytesPassed = 0;
    return (attributes) => ({
      chunk: (chunk) => {
        const bytesLeft = Math.max(0, attributes.bytes - bytesPassed);
        const data = chunk.data.length > bytesLeft ? chunk.data.subarray(0, bytesLeft) : chunk.data;
        if (data.length > 0) stage.emit({ data, receivedAtMs: chunk.receivedAtMs });
        bytesPassed += data.length;
        if (data.length < chunk.data.length) {
          stage.affected('bytesDropped', chunk.data.length - data.length);
        }
        if (bytesPassed < attributes.bytes) {
          stage.next();
          return;
        }
        stage.affected('closed');
        stage.close();
      },
      end: () => stage.close(),
    });
  },
});
