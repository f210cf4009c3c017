/** A metric with its samples so far, the thresholds on it, and its sub-metrics: the same for samples with certain tags. */
import { RunError } from '../errors.ts';
import { createSink } from './sinks.ts';
import type { AnySink, MetricType } from './sinks.ts';
import type { Threshold } from './threshold.ts';

export type Tags = Readonly<Record<string, string>>;
export type ValueKind = 'data' | 'default' | 'time';

export interface Submetric {
  readonly name: string;
  readonly suffix: string;
  readonly tags: Tags;
  readonly sink: AnySink;
  thresholds: Threshold[];
}

export class Metric {
  readonly name: string;
  readonly type: MetricType;
  readonly contains: ValueKind;
  readonly sink: AnySink;
  readonly submetrics: Submetric[] = [];
  thresholds: Threshold[] = [];

  constructor(name: string, type: MetricType, contains: ValueKind) {
    this.name = name;
    this.type = type;
    this.contains = contains;
    this.sink = createSink(type);
  }

  add(value: number, tags: Tags): void {
    this.sink.add(value);
    for (const submetric of this.submetrics) {
      if (hasTags(tags, submetric.tags)) submetric.sink.add(value);
    }
  }

  /** The sub-metric for `suffix`, such as `scenario:main,status:200`; made when there is none. */
  submetric(suffix: string): Submetric {
    const tags = parseTagSelector(suffix);
    const found = this.submetrics.find((other) => sameTags(other.tags, tags));
    if (found !== undefined) return found;
    const made: Submetric = {
      name: `${this.name}{${suffix}}`,
      sink: createSink(this.type),
      suffix,
      tags,
      thresholds: [],
    };
    this.submetrics.push(made);
    return made;
  }
}

function hasTags(tags: Tags, wanted: Tags): boolean {
  for (const name in wanted) {
    if (tags[name] !== wanted[name]) return false;
  }
  return true;
}

function sameTags(left: Tags, right: Tags): boolean {
  return Object.keys(left).length === Object.keys(right).length && hasTags(left, right);
}

function parseTagSelector(suffix: string): Tags {
  const tags: Record<string, string> = {};
  for (const part of suffix.split(',')) {
    const separator = part.indexOf(':');
    const name = unquote(separator < 0 ? part : part.slice(0, separator));
    if (name === '') {
      throw new RunError('invalid-configuration', `invalid tag selector '{${suffix}}': expected name:value`);
    }
    tags[name] = separator < 0 ? '' : unquote(part.slice(separator + 1));
  }
  return tags;
}

function unquote(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, '$2');
}
