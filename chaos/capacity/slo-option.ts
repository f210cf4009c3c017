/** `--slo p99=200ms,errors=0.1%`, checked before anything starts. */
import type { Slo } from '../../reports/capacity/slo.ts';
import { percentiles } from '../../reports/capacity/step.ts';
import { parseDurationMs } from '../duration.ts';
import { UsageError } from '../errors.ts';

export const sloDefault = 'p99=200ms,errors=0.1%';
const example = `for example --slo ${sloDefault}`;
/** Longer than any request is waited for. */
const latencyMsMax = 60_000;

export function parseSlo(text: string): Slo {
  let latency: Pick<Slo, 'latencyMs' | 'percentile'> | null = null;
  let errorShare: number | null = null;
  for (const part of text.split(',').map((one) => one.trim())) {
    const [name = '', value = '', more] = part.split('=');
    if (value === '' || more !== undefined)
      throw new UsageError(`--slo "${part}" is not an objective`, example);
    if (name === 'errors') {
      if (errorShare !== null) throw new UsageError('--slo names errors twice', example);
      errorShare = parseShare(value);
    } else {
      if (latency !== null)
        throw new UsageError(`--slo names a second latency, "${part}"`, 'give one percentile');
      latency = parseLatency(name, value);
    }
  }
  if (latency === null) throw new UsageError(`--slo "${text}" names no latency`, example);
  return { ...latency, errorShare: errorShare ?? 0 };
}

function parseLatency(name: string, value: string): Pick<Slo, 'latencyMs' | 'percentile'> {
  const known = Object.keys(percentiles).map(Number);
  const percentile = Number(/^p(\d+(?:\.\d+)?)$/.exec(name)?.[1] ?? Number.NaN);
  if (!known.includes(percentile))
    throw new UsageError(
      `--slo "${name}" is neither "errors" nor a percentile that is measured`,
      `percentiles: ${known
        .toSorted((left, right) => left - right)
        .map((one) => `p${one}`)
        .join(', ')}`,
    );
  const latencyMs = parseDurationMs(`--slo ${name}`, value);
  if (latencyMs > latencyMsMax)
    throw new UsageError(`--slo ${name}=${value} is longer than a request is waited for`, example);
  return { percentile, latencyMs };
}

function parseShare(value: string): number {
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(value)?.[1] ?? Number.NaN);
  if (!(percent >= 0 && percent < 100))
    throw new UsageError(`--slo errors=${value} is not a percentage below 100`, 'for example errors=0.1%');
  return percent / 100;
}
