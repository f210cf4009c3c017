/** What breaks first, named from how busy everything was, with the evidence; also when nothing that was observed is busy. */
import { z } from 'zod';
import { median } from './interval.ts';

export const utilisationSchema = z.object({
  /** Such as "event loop of api-1", "processors of the machine", "MongoDB pool of api-1". */
  resource: z.string(),
  kind: z.enum(['event-loop', 'pool', 'processors', 'queue']),
  /** Share in use, 0 to 1; of a queue its age in relation to the age that is too old, which may exceed 1. */
  value: z.number(),
  detail: z.string(),
});
export type Utilisation = z.infer<typeof utilisationSchema>;

export interface LoadStep {
  /** Concurrency or rate. */
  readonly load: number;
  readonly throughputPerSecond: number;
  readonly utilisations: readonly Utilisation[];
}

export const bottleneckSchema = z.object({
  /** Null when no step came near the ceiling. */
  resource: z.string().nullable(),
  kind: z.enum(['event-loop', 'pool', 'processors', 'queue', 'serialisation', 'none']),
  evidence: z.array(z.string()),
});
export type Bottleneck = z.infer<typeof bottleneckSchema>;

/** From this share on a resource counts as busy: an event loop, or all processors, leave no room for another request. */
const busy = { 'event-loop': 0.85, processors: 0.92, pool: 0.99, queue: 1 } as const;
/** Steps that reach this share of the highest throughput are at the ceiling. */
const ceilingShare = 0.93;
/** Throughput that hardly grows while the load about doubles is a ceiling. */
const ceilingSpread = 1.9;
/** Processors first: when all are busy, nothing else could have been faster. Pools last: they are also full behind something slow. */
const order = ['processors', 'event-loop', 'queue', 'pool'] as const;

export function nameBottleneck(steps: readonly LoadStep[]): Bottleneck {
  const top = Math.max(0, ...steps.map(({ throughputPerSecond }) => throughputPerSecond));
  const atCeiling = steps.filter(({ throughputPerSecond }) => throughputPerSecond >= ceilingShare * top);
  const loads = atCeiling.map(({ load }) => load);
  const [from, to] = [Math.min(...loads), Math.max(...loads)];
  const reached = steps.length > 1 && to / from >= ceilingSpread;
  const measured = resourcesOf(atCeiling);
  const busiest = measured.slice(0, 3).map(describe);
  const ceiling = `throughput stays at ${top.toFixed(0)}/s from a load of ${round(from)} to ${round(to)}`;
  for (const kind of order) {
    const found = measured.find((resource) => resource.kind === kind && resource.value >= busy[kind]);
    // A pool can be full while throughput still grows.
    if (found === undefined || (!reached && kind === 'pool')) continue;
    const others = measured.filter((one) => one !== found).slice(0, 3);
    return {
      resource: found.resource,
      kind,
      evidence: [describe(found), ...(reached ? [ceiling] : []), ...others.map(describe)],
    };
  }
  if (!reached) return { resource: null, kind: 'none', evidence: ['no ceiling was reached', ...busiest] };
  return {
    resource: 'work that is done one at a time',
    kind: 'serialisation',
    evidence: [
      ceiling,
      'nothing that was observed was busy: requests wait for each other, as for a lock',
      ...busiest,
    ],
  };
}

interface Resource {
  readonly resource: string;
  readonly kind: Utilisation['kind'];
  readonly value: number;
  readonly detail: string;
}

/** Each resource by its median over the steps, the busiest first. */
function resourcesOf(steps: readonly LoadStep[]): Resource[] {
  const all = steps.flatMap(({ utilisations }) => utilisations);
  return [...Map.groupBy(all, ({ resource }) => resource)]
    .flatMap(([resource, seen]) => {
      const last = seen.at(-1);
      if (last === undefined) return [];
      return [
        { resource, kind: last.kind, value: median(seen.map(({ value }) => value)), detail: last.detail },
      ];
    })
    .toSorted((left, right) => right.value - left.value);
}

function describe({ resource, value, detail, kind }: Resource): string {
  const share =
    kind === 'queue' ? `${value.toFixed(2)} of what is too old` : `${Math.round(value * 100)} % in use`;
  return `${resource}: ${share}${detail === '' ? '' : ` (${detail})`}`;
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Math.round(value * 10) / 10);
}
