/** The test suites of peers that can be run against the server: how each is started, and where it says what passed. */
import { parseMochaStream, parseTap, parseVitest } from './results.ts';
import type { TestResult } from './results.ts';

export interface Suite {
  /** Run in the checkout, whose packages are installed; `uri` is the server's address. */
  command(
    uri: string,
    results: string,
  ): { readonly arguments: readonly string[]; readonly env: Record<string, string> };
  /** What the suite printed, and what it wrote to the file of results. */
  parse(output: string, results: string): readonly TestResult[];
  /** The suite connects to port 27017 as the user root, with the password example. */
  readonly usesFixedAddress?: boolean;
}

export const suites: Readonly<Record<string, Suite>> = {
  agenda: {
    command: (uri, results) => ({
      arguments: ['vitest', 'run', '--reporter=json', `--outputFile=${results}`],
      env: { MONGO_URI: uri, MONGODB_URI: uri },
    }),
    parse: (_output, results) => parseVitest(results),
  },
  'connect-mongo': {
    command: () => ({ arguments: ['ava', '--tap'], env: {} }),
    parse: (output) => parseTap(output),
    usesFixedAddress: true,
  },
  driver: {
    command: (uri) => ({
      arguments: [
        'mocha',
        '--config',
        'test/mocha_mongodb.js',
        '--reporter',
        'json-stream',
        'test/integration/crud',
        'test/integration/change-streams',
        'test/integration/collection-management',
        'test/integration/sessions',
        'test/integration/transactions',
        'test/integration/retryable-reads',
        'test/integration/retryable-writes',
        'test/integration/versioned-api',
      ],
      env: { MONGODB_URI: uri },
    }),
    parse: (output) => parseMochaStream(output),
  },
  mongoose: {
    command: (uri) => ({
      arguments: [
        'mocha',
        '--exit',
        '--timeout',
        '20000',
        '--reporter',
        'json-stream',
        '--ignore',
        'test/encryption/**/*.test.js',
        './test/**/*.test.js',
      ],
      env: { MONGOOSE_TEST_URI: uri, MONGOOSE_REPLSET_URI: uri, START_REPLICA_SET: '1' },
    }),
    parse: (output) => parseMochaStream(output),
  },
};
