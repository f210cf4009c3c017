/** The modules that a script may import by name, and their files in `api/`. */
import { extname } from 'node:path';

export const builtinFiles: Readonly<Record<string, string>> = {
  k6: 'k6',
  'k6/crypto': 'crypto',
  'k6/data': 'data',
  'k6/encoding': 'encoding',
  'k6/execution': 'execution',
  'k6/experimental/csv': 'csv',
  'k6/experimental/fs': 'fs',
  'k6/experimental/streams': 'streams',
  'k6/experimental/timers': 'timers',
  'k6/experimental/webcrypto': 'experimental-webcrypto',
  'k6/experimental/websockets': 'websockets',
  'k6/html': 'html',
  'k6/http': 'http',
  'k6/metrics': 'metrics',
  'k6/net/grpc': 'grpc',
  'k6/secrets': 'secrets',
  'k6/timers': 'timers',
  'k6/websockets': 'websockets',
  'k6/ws': 'ws',
};

/** Modules that k6 has given up or will, and what it says of them. */
export const deprecatedModules: ReadonlyMap<string, string> = new Map([
  [
    'k6/experimental/timers',
    'k6 2 has removed k6/experimental/timers: setTimeout and the like are global, the import is not needed',
  ],
  [
    'k6/experimental/webcrypto',
    'k6 2 has removed k6/experimental/webcrypto: crypto is global, the import is not needed',
  ],
  [
    'k6/experimental/websockets',
    'k6/experimental/websockets is deprecated and will be removed in a future release. Please use k6/websockets instead.',
  ],
]);

/** Of a file of the folder; the runtime is either as it was written or as it was built, all of it. */
export function builtinUrl(name: string): string {
  return new URL(`../api/${name}${extname(import.meta.url)}`, import.meta.url).href;
}
