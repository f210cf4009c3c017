/** How much memory and disk a general takes, and the processes: what a plan multiplies. */
import { readFile } from 'node:fs/promises';
import { calculateObjectSize } from 'bson';
import type { CapacityReport } from '../../../reports/capacity/capacity-report.ts';
import type { Observer } from '../../observe/observer.ts';
import type { FoundProcess } from './find-processes.ts';
import { kindOf } from './utilisation.ts';

const sampled = 50;

export async function measureSizes(
  { redis, database }: Observer,
  processes: readonly FoundProcess[],
): Promise<NonNullable<CapacityReport['sizes']>> {
  const generals = await database.collection('generals').find().limit(sampled).toArray();
  const documents = generals.map((general) => calculateObjectSize(general));
  const [, keys] = await redis.scan(0, 'MATCH', 'general:byNo:*', 'COUNT', 5_000);
  const cached = await Promise.all(keys.slice(0, sampled).map((key) => redis.memory('USAGE', key)));
  const memoryBytes: Record<string, number> = {};
  for (const { name, pid } of processes) {
    const resident = await residentBytes(pid);
    memoryBytes[kindOf(name)] = Math.max(memoryBytes[kindOf(name)] ?? 0, resident);
  }
  return {
    memoryBytes,
    redisBytesPerGeneral: average(cached.flatMap((bytes) => (typeof bytes === 'number' ? [bytes] : []))),
    documentBytesPerGeneral: average(documents) ?? 0,
  };
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
  return 1_024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
}

function average(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
