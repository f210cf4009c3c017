/** The module `k6/encoding`: base64 in its four variants. */
import { decodeBase64, encodeBase64 } from './base64.ts';
import type { Base64Variant } from './base64.ts';
import { bufferOf, bytesOf } from './binary.ts';
import type { Kernel } from './kernel.ts';

export function create(kernel: Kernel): Record<string, unknown> {
  const exports = {
    b64decode: (input: unknown, variant?: unknown, format?: unknown) => {
      const bytes = decodeBase64(String(input), variantOf(variant));
      return format === 's' ? kernel.host.local.decodeUtf8(bytes) : bufferOf(bytes);
    },
    b64encode: (input: unknown, variant?: unknown) =>
      encodeBase64(bytesOf(kernel, input), variantOf(variant)),
  };
  return { ...exports, default: exports };
}

/** What k6 does not know is the standard. */
function variantOf(name: unknown): Base64Variant {
  return { isPadded: name !== 'rawstd' && name !== 'rawurl', isUrlSafe: name === 'rawurl' || name === 'url' };
}
