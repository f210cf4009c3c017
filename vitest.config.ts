import { defineConfig } from 'vitest/config';

const shared = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  setupFiles: ['chaos/process/testing/mark-children.ts'],
};

/** Unit tests run in parallel; tests with real processes two files at a time, so that they do not starve each other. */
export default defineConfig({
  test: {
    globalSetup: ['chaos/process/testing/own-test-run.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['{system,scenarios,chaos,reports,docs}/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts'],
          // A test that needs another one before it fails for some seed, which is printed.
          sequence: { shuffle: { tests: true } },
        },
      },
      {
        test: {
          ...shared,
          name: 'integration',
          include: ['{system,scenarios,chaos,reports}/**/*.integration.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
