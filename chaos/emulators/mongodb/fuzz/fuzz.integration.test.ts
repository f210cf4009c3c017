/** Mutated messages and commands end their own connection at most. */
import { describe, expect, it } from 'vitest';
import { fuzzServer } from './run.ts';

const messages = Number(process.env['REDCLIFF_FUZZ_MESSAGES'] ?? '3000');

describe('the embedded MongoDB under mutated messages', () => {
  it(
    'neither fails, hangs nor keeps what was sent',
    async () => {
      const result = await fuzzServer(messages, 'fuzz');
      expect(result).toMatchObject({
        defects: [],
        hung: [],
        internalErrors: [],
        malformedReplies: [],
        stillServes: true,
      });
      expect(result.replies).toBeGreaterThan(messages / 4);
      expect(result.heapGrowthBytes).toBeLessThan(256 * 1024 * 1024);
    },
    60_000 + messages * 20,
  );
});
