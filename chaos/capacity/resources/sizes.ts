/** How much memory the processes take, and how much memory and disk each entity: what a plan multiplies. */
import { readFile } from 'node:fs/promises';
import { calculateObjectSize } from 'bson';
import type { Redis } from 'ioredis';
import type { CapacityReport } from '../../../reports/capacity/capacity-report.ts';
import { mean } from '../../../reports/capacity/interval.ts';
import type { CapacityEntity } from '../../api/capacity.ts';
import type { Observer } from '../../observe/observer.ts';
import { scanKeys } from '../../observe/scan-keys.ts';
import type { FoundProcess } from './processes.ts';

const sampled = 50;
const scanBatch = 1_000;

export async function measureSizes(
  { redis, database }: Observer,
  entities: readonly CapacityEntity[],
  processes: readonly FoundProcess[],
): Promise<CapacityReport['sizes']> {
  const byProcess = new Map<string, number>();
  for (const { name, pid } of processes)
    byProcess.set(name, (byProcess.get(name) ?? 0) + (await residentBytes(pid)));
  const memoryBytes: Record<string, number> = {};
  for (const { name, role } of processes)
    memoryBytes[role] = Math.max(memoryBytes[role] ?? 0, byProcess.get(name) ?? 0);
  const measured: CapacityReport['sizes']['entities'] = [];
  for (const { collection, perUser, cached } of entities) {
    const documents = await database.collection(collection).find().limit(sampled).toArray();
    const keyBytes = cached === undefined ? null : average(await keySizes(redis, cached.keys));
    measured.push({
      collection,
      perUser,
      documentBytes: average(documents.map((document) => calculateObjectSize(document))),
      cachedBytes: keyBytes === null ? null : keyBytes * (cached?.keysPerEntity ?? 1),
    });
  }
  return { memoryBytes, entities: measured };
}

async function keySizes(redis: Redis, pattern: string): Promise<number[]> {
  const keys: string[] = [];
  for await (const found of scanKeys(redis, { count: scanBatch, match: pattern })) {
    keys.push(...found);
    if (keys.length >= sampled) break;
  }
  const sizes = await Promise.all(keys.slice(0, sampled).map((key) => redis.memory('USAGE', key)));
  return sizes.flatMap((bytes) => (typeof bytes === 'number' ? [bytes] : []));
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
  return 1_024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
}

function average(values: readonly number[]): number | null {
  return values.length === 0 ? null : mean(values);
}
