/** Concurrent transactions through the driver show no anomaly that snapshot isolation forbids, and one that it allows. */
import { describe, expect, it } from 'vitest';
import { runCampaign } from './campaign.ts';

const transactions = Number(process.env['REDCLIFF_ISOLATION_TRANSACTIONS'] ?? '600');
const deadlineMs = 60_000 + transactions * 60;

describe('isolation of the embedded MongoDB', () => {
  it(
    'is snapshot isolation without faults',
    async () => {
      const { judgement, outcomes } = await runCampaign({
        transactions,
        clients: 16,
        seed: 'calm',
        faultPauseMs: undefined,
      });
      expect(judgement.anomalies).toEqual([]);
      expect(judgement.writeSkews).toBeGreaterThan(0);
      expect(outcomes.ok).toBeGreaterThan(transactions / 10);
      expect(outcomes.info).toBe(0);
    },
    deadlineMs,
  );

  it(
    'stays snapshot isolation while commands fail, connections break and the primary steps down',
    async () => {
      const { faults, judgement, outcomes } = await runCampaign({
        transactions,
        clients: 16,
        seed: 'storm',
        faultPauseMs: 40,
      });
      expect(judgement.anomalies).toEqual([]);
      expect(outcomes.ok).toBeGreaterThan(transactions / 20);
      expect(faults?.failCommands).toBeGreaterThan(0);
      expect(faults?.cutConnections).toBeGreaterThan(0);
    },
    deadlineMs,
  );
});
