/** Every operation of a cell as a point, packed so that hundreds of thousands fit in the page: five bytes each. */
import type { Operation } from '../../history/operation.ts';
import type { Cell } from '../../record/report.ts';

const stepsOfTime = 65_535;
/** Latency is kept on a logarithmic scale from 0.1 ms to 1000 s, in steps of 0.025 %. */
const latencyLowMs = 0.1;
const decades = 7;
const fates = ['ok', 'fail', 'info'] as const;

export interface OperationPlot {
  readonly count: number;
  /** Seconds since the start of the load. */
  readonly from: number;
  readonly to: number;
  readonly latencyLowMs: number;
  readonly decades: number;
  /** Kinds of operations, by number. */
  readonly kinds: readonly string[];
  /** Base64 of 16-bit times, then 16-bit latencies, little endian, then bytes: kind × 4 + fate. */
  readonly points: string;
}

/** Null without operations. Kinds beyond the 63rd are told as `others`. */
export function operationPlot(cell: Cell, history: readonly Operation[]): OperationPlot | null {
  if (history.length === 0) return null;
  const sorted = history.toSorted((left, right) => left.endedMs - right.endedMs);
  const kinds = [...new Set(sorted.map(({ f }) => f))].toSorted();
  if (kinds.length > 63) kinds.splice(63, Infinity, 'others');
  const kindNumber = new Map(kinds.map((kind, index) => [kind, index]));
  const fromMs = Math.min(cell.loadStartMs, sorted[0]?.endedMs ?? cell.loadStartMs);
  const toMs = Math.max(fromMs + 1, sorted.at(-1)?.endedMs ?? fromMs);
  const count = sorted.length;
  const bytes = Buffer.alloc(count * 5);
  for (const [index, { f, type, intendedMs, endedMs }] of sorted.entries()) {
    const time = Math.round(((endedMs - fromMs) / (toMs - fromMs)) * stepsOfTime);
    const latency = Math.log10(Math.max(latencyLowMs, endedMs - intendedMs) / latencyLowMs) / decades;
    bytes.writeUInt16LE(time, index * 2);
    bytes.writeUInt16LE(Math.min(stepsOfTime, Math.round(latency * stepsOfTime)), (count + index) * 2);
    bytes[count * 4 + index] = (kindNumber.get(f) ?? kinds.length - 1) * 4 + fates.indexOf(type);
  }
  return {
    count,
    from: (fromMs - cell.loadStartMs) / 1000,
    to: (toMs - cell.loadStartMs) / 1000,
    latencyLowMs,
    decades,
    kinds,
    points: bytes.toString('base64'),
  };
}
