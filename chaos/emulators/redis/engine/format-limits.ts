/** Sizes by which values are encoded, as far as the formats on disk need them. */
import type { Configuration } from '../config/configuration.ts';
import type { FormatLimits } from '../persistence/value-format.ts';
import type { NodeLimits } from '../values/stream-node.ts';

export function formatLimits(configuration: Configuration): FormatLimits {
  return { encoding: configuration.encodingLimits, streamNode: nodeLimits(configuration) };
}

export function nodeLimits(configuration: Configuration): NodeLimits {
  return {
    entriesMax: configuration.number('stream-node-max-entries'),
    bytesMax: configuration.number('stream-node-max-bytes'),
  };
}
