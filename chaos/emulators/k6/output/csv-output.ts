/** `--out csv=FILE`: each sample as a row, with a column for each system tag and one for all others. */
import { gzipSync } from 'node:zlib';
import type { SampleOutput } from '../engine/samples.ts';
import { RunError } from '../errors.ts';
import type { Metric, Tags } from '../metrics/metric.ts';
import { knownSystemTags } from '../options/system-tags.ts';
import { LineWriter } from './line-writer.ts';

const timeFormats = ['rfc3339', 'rfc3339_nano', 'unix', 'unix_micro', 'unix_milli', 'unix_nano'] as const;
type TimeFormat = (typeof timeFormats)[number];

export interface CsvSettings {
  readonly fileName: string;
  readonly timeFormat: TimeFormat;
}

/** `argument` is what follows `csv=`: a file name, or `fileName=…,timeFormat=…`. */
export function parseCsvSettings(
  argument: string,
  environment: Readonly<Record<string, string | undefined>>,
): CsvSettings {
  const given = new Map([
    ['fileName', environment['K6_CSV_FILENAME'] ?? 'file.csv'],
    ['timeFormat', environment['K6_CSV_TIME_FORMAT'] ?? 'unix'],
  ]);
  if (argument !== '' && !argument.includes('=')) given.set('fileName', argument);
  for (const pair of argument.includes('=') ? argument.split(',') : []) {
    const [key = '', value = ''] = pair.split('=');
    if (value === '') throw wrong(`couldn't parse "${argument}" as argument for csv output`);
    // Rows are written in portions whatever the interval.
    if (key === 'saveInterval') continue;
    if (!given.has(key)) throw wrong(`unknown key "${key}" as argument for csv output`);
    given.set(key, value);
  }
  const format = given.get('timeFormat') ?? '';
  const timeFormat = timeFormats.find((one) => one === format);
  if (timeFormat === undefined)
    throw wrong(`"${format}" is no time format of the csv output: expected one of ${timeFormats.join(', ')}`);
  return { fileName: given.get('fileName') ?? '', timeFormat };
}

export class CsvOutput implements SampleOutput {
  readonly #settings: CsvSettings;
  readonly #writer: LineWriter;
  /** A gzip file is written at the end, of one piece. */
  readonly #packed: string[] | undefined;
  #columns: readonly string[] = [];

  constructor(settings: CsvSettings) {
    this.#settings = settings;
    const { fileName } = settings;
    this.#writer = fileName === '-' ? LineWriter.toDescriptor(1) : LineWriter.toFile(fileName);
    this.#packed = fileName.endsWith('.gz') ? [] : undefined;
  }

  begin(systemTags: ReadonlySet<string>): void {
    this.#columns = [...systemTags].filter((tag) => knownSystemTags.has(tag)).toSorted();
    this.#write(['metric_name', 'timestamp', 'metric_value', ...this.#columns, 'extra_tags', 'metadata']);
  }

  add(metric: Metric, value: number, tags: Tags, timeMs: number): void {
    const extra = Object.entries(tags).filter(([name]) => !knownSystemTags.has(name));
    this.#write([
      metric.name,
      timeText(timeMs, this.#settings.timeFormat),
      value.toFixed(6),
      ...this.#columns.map((name) => tags[name] ?? ''),
      extra.map(([name, text]) => `${name}=${text}`).join('&'),
      '',
    ]);
  }

  [Symbol.dispose](): void {
    if (this.#packed !== undefined) this.#writer.writeBytes(gzipSync(`${this.#packed.join('\n')}\n`));
    this.#writer[Symbol.dispose]();
  }

  #write(fields: readonly string[]): void {
    const line = fields.map(quoted).join(',');
    if (this.#packed === undefined) this.#writer.write(line);
    else this.#packed.push(line);
  }
}

/** As Go's encoding/csv does. */
function quoted(field: string): string {
  return /[",\r\n]|^\s|^\\\.$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function timeText(timeMs: number, format: TimeFormat): string {
  switch (format) {
    case 'rfc3339':
      return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
    case 'rfc3339_nano':
      return new Date(timeMs).toISOString();
    case 'unix':
      return String(Math.floor(timeMs / 1000));
    case 'unix_micro':
      return String(Math.floor(timeMs * 1000));
    case 'unix_milli':
      return String(Math.floor(timeMs));
    case 'unix_nano':
      return String(BigInt(Math.floor(timeMs * 1000)) * 1000n);
  }
}

function wrong(message: string): RunError {
  return new RunError('usage', message);
}
