/** Random programs of reads, writes and interleaved transactions are answered as a small independent model answers them. */
import { describe, expect, it } from 'vitest';
import { runModelCampaign } from './campaign.ts';

const count = Number(process.env['REDCLIFF_MODEL_PROGRAMS'] ?? '200');

describe('the embedded MongoDB beside a model of its semantics', () => {
  it(
    'answers every step as the model does',
    async () => {
      const counts = await runModelCampaign(count, 20_260_101);
      expect([...counts.keys()]).toEqual(
        expect.arrayContaining([
          'plain done',
          'plain duplicate',
          'transaction done',
          'transaction conflict',
          'transaction duplicate',
        ]),
      );
    },
    60_000 + count * 200,
  );
});
