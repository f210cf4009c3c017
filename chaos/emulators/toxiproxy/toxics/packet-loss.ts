/**
 * Loses chunks at random, in bursts if wanted: the simplified Gilbert-Elliott model that Toxiproxy has on its main
 * branch (pull request 739 of Shopify/toxiproxy). TCP below has delivered the bytes already, so they are lost for good.
 */
import { defineToxic } from './toxic.ts';

/** `loss_rate` is the probability that a chunk is lost, `correlation` is added to it after a lost one. Both 0 to 1. */
export const packetLoss = defineToxic({
  type: 'packet_loss',
  attributes: { loss_rate: 'float64', correlation: 'float64' },
  attach: (stage) => {
    let lostBefore = false;
    return (attributes) => {
      const lossRate = Math.min(1, Math.max(0, attributes.loss_rate));
      const correlation = Math.min(1, Math.max(0, attributes.correlation));
      return {
        chunk: (chunk) => {
          lostBefore = stage.random.next() < lossRate + (lostBefore ? correlation : 0);
          if (lostBefore) stage.affected('bytesDropped', chunk.data.length);
          else stage.emit(chunk);
          stage.next();
        },
        end: () => stage.close(),
      };
    };
  },
});
