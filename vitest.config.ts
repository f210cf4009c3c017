import { defineConfig } from 'vitest/config';

/** Unit tests run in parallel; tests with real processes run one file at a time, so that they do not starve each other. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{system,scenarios,chaos,reports}/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['{system,scenarios,chaos,reports}/**/*.integration.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
