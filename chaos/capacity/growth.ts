/** Runs the growth campaign of a target: what work costs as its data and its processes grow, in processor time. */
import type { CapacityReport } from '../../reports/capacity/capacity-report.ts';
import { fitGrowth } from '../../reports/capacity/growth.ts';
import type { GrowthCampaign } from '../api/capacity.ts';
import { HarnessError } from '../errors.ts';
import { seededRandom } from '../random.ts';
import type { MeasuredTarget } from './measured-target.ts';
import { spentBy } from './resources/processes.ts';
import { shuffled } from './search.ts';

export interface GrowthResult {
  readonly growth: CapacityReport['growth'];
  /** Processor seconds by role for one unit of background work; null when the campaign does not say. */
  readonly background: Readonly<Record<string, number>> | null;
}

/** Needs /proc. Throws HarnessError when the campaign fails. */
export async function measureGrowth(
  measured: MeasuredTarget,
  campaign: GrowthCampaign,
  { seed, note }: { readonly seed: string; readonly note: (line: string) => void },
): Promise<GrowthResult> {
  const { context } = measured.running;
  const findings = await campaign
    .measure({
      ...context,
      seed,
      note,
      drained: () => measured.settle(),
      shuffled: (items, label) => shuffled(items, seededRandom(`${seed}/growth/${label}`)),
      spent: async (work, { untilDrained = true } = {}) => {
        const { watched } = await measured.subject();
        return spentBy(watched.processes, async () => {
          await work();
          if (untilDrained) await measured.settle();
        });
      },
    })
    .catch((error: unknown) => {
      context.signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      throw new HarnessError(
        `the growth campaign failed: ${why}`,
        'see capacity.growth of the target, and its logs in the folder of the run',
        { cause: error },
      );
    });
  return {
    growth: findings.growth.map(({ dimension, title, unit, points, broadcast = false }) => ({
      dimension,
      title,
      unit,
      broadcast,
      points: [...points],
      fit: fitGrowth(points),
    })),
    background: findings.background ?? null,
  };
}
