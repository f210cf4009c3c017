/** The module `k6/experimental/webcrypto`, which k6 has replaced by the global `crypto`. */
import type { Kernel } from './kernel.ts';
import { createWebCrypto } from './web-crypto.ts';

export function create(kernel: Kernel): Record<string, unknown> {
  const exports = { crypto: createWebCrypto(kernel) };
  return { ...exports, default: exports };
}
