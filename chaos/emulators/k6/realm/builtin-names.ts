/** The modules that a script may import by name, and their files in `api/`. */
import { extname } from 'node:path';

export const builtinFiles: Readonly<Record<string, string>> = {
  k6: 'k6',
  'k6/crypto': 'crypto',
  'k6/data': 'data',
  'k6/encoding': 'encoding',
  'k6/execution': 'execution',
  'k6/experimental/streams': 'streams',
  'k6/experimental/websockets': 'websockets',
  'k6/html': 'html',
  'k6/http': 'http',
  'k6/metrics': 'metrics',
  'k6/timers': 'timers',
  'k6/websockets': 'websockets',
  'k6/ws': 'ws',
};

/** Of a file of the folder; the runtime is either as it was written or as it was built, all of it. */
export function builtinUrl(name: string): string {
  return new URL(`../api/${name}${extname(import.meta.url)}`, import.meta.url).href;
}
