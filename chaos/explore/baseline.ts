/** The explorations that are kept beside the baselines of a target, one for each scenario: which calls it survived. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Exploration, injectionSchema } from '../../reports/exploration/exploration.ts';
import { UsageError } from '../errors.ts';
import { parseJson } from '../parse-json.ts';

const version = 1;
const baselineSchema = z.strictObject({
  explorationVersion: z.literal(version),
  injections: z.array(injectionSchema),
});
type Baseline = Pick<Exploration, 'injections'>;

/** Null when none of the scenarios has one. Throws UsageError for a file that is damaged. */
export async function readBaseline(folder: string, scenarios: readonly string[]): Promise<Baseline | null> {
  const found = await Promise.all(
    scenarios.map(async (scenario) => {
      const file = fileOf(folder, scenario);
      const text = await readFile(file, 'utf8').catch(() => null);
      if (text === null) return [];
      const parsed = baselineSchema.safeParse(parseJson(text));
      if (parsed.success) return parsed.data.injections;
      throw new UsageError(
        `the baseline ${file} cannot be read: ${parsed.error.issues[0]?.message ?? 'it is damaged'}`,
        'remove it, or make a new one with redcliff explore --save-baseline',
      );
    }),
  );
  const injections = found.flat();
  return injections.length === 0 ? null : { injections };
}

export async function saveBaseline(folder: string, { injections }: Baseline): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [scenario, own] of Map.groupBy(injections, (injection) => injection.scenario)) {
    const text = JSON.stringify({ explorationVersion: version, injections: own }, null, 1);
    await writeFile(fileOf(folder, scenario), `${text}\n`);
  }
}

function fileOf(folder: string, scenario: string): string {
  return join(folder, `explored-${scenario}.json`);
}
