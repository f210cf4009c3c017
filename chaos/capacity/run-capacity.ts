/** All that `redcliff capacity` measures, start to finish, and the report of it. */
import { writeFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { rateOf } from '../../reports/capacity/users-held.ts';
import { type CapacityReport, capacitySchemaVersion } from '../../reports/capacity/capacity-report.ts';
import { capacityCsv, growthCsv } from '../../reports/capacity/csv.ts';
import { renderCapacityHtml } from '../../reports/capacity/render-html.ts';
import type { CampaignHost } from '../run/campaign.ts';
import { describeSurroundings } from '../run/surroundings.ts';
import { Workers } from '../run/workers.ts';
import type { GrowthResult } from './growth.ts';
import { startLoadGenerator } from './load/load-generator.ts';
import { type CapacityPlan, Measurement } from './measurement.ts';

/** `folder` takes the logs. Rejects with the reason when it is interrupted or the stack ends by itself. */
export async function runCapacity(
  campaign: CampaignHost,
  plan: CapacityPlan,
  folder: string,
): Promise<CapacityReport> {
  const { clock, signal, target, reaper } = campaign;
  const startedMs = clock.nowMs();
  const notes = new Set<string>();
  await using workers = await Workers.open({ ...campaign, seed: plan.seed, logFolder: folder }, 1);
  const stack = workers.first;
  plan.stackStarted(stack);
  await using generator = startLoadGenerator(clock, target);
  const { profile } = plan;
  const measurement = new Measurement(
    { target, profile, stack, reaper, clock, signal, folder, doubt: (note) => notes.add(note) },
    { generator, clock, signal },
    plan,
  );
  const measured = await measurement.undisturbed();
  const [searched] = measured.mixes;
  const ratePerSecond = searched === undefined ? 0 : (rateOf(searched.sloRate) ?? 0);
  const further = plan.whole && ratePerSecond > 0;
  if (plan.whole && !further)
    notes.add('costs, growth and faults were not measured: the objective was met at no rate');
  const growth = further ? await measurement.growth() : null;
  const faults = further ? await measurement.faults(ratePerSecond) : null;
  const cutShort = workers.whyCutShort(`repeat it with: ${plan.command}`);
  if (cutShort !== null) throw cutShort;
  const { machine, ...surroundings } = await describeSurroundings(target, stack, null);
  return {
    schemaVersion: capacitySchemaVersion,
    kind: 'capacity',
    id: plan.id,
    target: target.name,
    command: plan.command,
    startedAt: new Date(startedMs).toISOString(),
    endedAt: new Date(clock.nowMs()).toISOString(),
    seed: plan.seed,
    ...surroundings,
    machine: { ...machine, priority: getPriority() },
    slo: plan.slo,
    user: plan.user,
    world: { ...profile.world },
    serving: profile.serving,
    roles: measurement.roles(),
    settings: { ...plan.settings },
    routes: measured.routes,
    mixes: measured.mixes,
    demands: [...measured.demands, ...backgroundDemands(growth)],
    growth: growth?.growth ?? [],
    faults: faults?.faults ?? [],
    recovery: faults?.recovery ?? null,
    drain: faults?.drain ?? null,
    sizes: measured.sizes,
    notes: [...notes],
  };
}

/** What a measurement leaves in the folder of its run. */
export async function writeCapacity(folder: string, report: CapacityReport): Promise<void> {
  await Promise.all([
    writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 1)}\n`),
    writeFile(join(folder, 'report.html'), renderCapacityHtml(report)),
    writeFile(join(folder, 'steps.csv'), capacityCsv(report)),
    writeFile(join(folder, 'growth.csv'), growthCsv(report)),
  ]);
}

function backgroundDemands(growth: GrowthResult | null): CapacityReport['demands'] {
  if (growth === null || growth.background === null) return [];
  const demands = Object.entries(growth.background).map(([process, secondsPerRequest]) => ({
    process,
    secondsPerRequest,
    idleShare: 0,
  }));
  return [{ class: 'background', demands }];
}
