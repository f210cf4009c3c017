/** The module `k6/metrics`: metrics that a script makes in its init code and adds to while it runs. */
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { withTags } from './tags.ts';

type Constructor = new (name: unknown, isTime?: unknown) => object;

export function create(kernel: Kernel): Record<string, unknown> {
  const exports = {
    Counter: metricClass(kernel, 'counter'),
    Gauge: metricClass(kernel, 'gauge'),
    Rate: metricClass(kernel, 'rate'),
    Trend: metricClass(kernel, 'trend'),
  };
  return { ...exports, default: exports };
}

function metricClass(kernel: Kernel, type: string): Constructor {
  return class {
    readonly name!: string;
    readonly add: (value: unknown, tags?: unknown) => boolean;

    constructor(...args: unknown[]) {
      const [given, isTime] = args;
      if (kernel.call !== undefined) throw new GoError('metrics must be declared in the init context');
      const name = String(given);
      const outcome = kernel.host.ask.defineMetric(name, type, isTime === true);
      if (!outcome.ok) throw new GoError(outcome.message);
      Object.defineProperty(this, 'name', { enumerable: true, value: name });
      this.add = (...values) => add(kernel, name, type, values);
    }
  };
}

function add(kernel: Kernel, name: string, type: string, args: readonly unknown[]): boolean {
  const { facts } = kernel.inCall('Adding to metrics in the init context is not supported');
  const [value, tags] = args;
  const number = numberOf(value);
  if (number === undefined) {
    const problem =
      args.length === 0
        ? `no value was provided for metric '${name}', a number or a boolean value is expected`
        : `'${shortened(String(value))}' is an invalid value for metric '${name}', a number or a boolean value is expected`;
    if (facts.throwsOnFailure) throw new GoError(problem);
    kernel.warn(problem);
    return false;
  }
  let merged;
  try {
    merged = withTags(kernel.tags, tags);
  } catch (error) {
    throw new GoError(
      `cannot add tags for the '${name}' custom metric: ${error instanceof Error ? error.message : ''}`,
    );
  }
  kernel.sample(name, type === 'rate' && number !== 0 ? 1 : number, merged);
  return true;
}

/** Anything true that is no number counts as 1. */
function numberOf(value: unknown): number | undefined {
  if (value === undefined || value === null || typeof value === 'symbol') return undefined;
  const number = typeof value === 'bigint' ? Number(value) : Number(value);
  if (Number.isNaN(number)) return undefined;
  return number === 0 && Boolean(value) ? 1 : number;
}

const longestShown = 100;

function shortened(text: string): string {
  const characters = [...text];
  if (characters.length < longestShown) return text;
  const omitted = characters.length - longestShown;
  const [head, tail] = [characters.slice(0, longestShown / 2), characters.slice(-longestShown / 2)];
  return `${head.join('')}... omitting ${omitted} characters ...${tail.join('')}`;
}
