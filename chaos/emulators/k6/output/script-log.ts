/** What scripts print and what the runtime has to say, in the three formats of k6 (logrus text, JSON, raw). */
import type { Clock } from '../clock.ts';
import type { LineWriter } from './line-writer.ts';

export type LogLevel = 'debug' | 'error' | 'info' | 'warning';
type LogFormat = 'default' | 'json' | 'raw';

export interface LogOptions {
  readonly clock: Clock;
  readonly format: LogFormat;
  /** Undefined: nothing is shown. */
  readonly main: LineWriter | undefined;
  /** Where `console` of scripts goes instead, when given. */
  readonly consoleOutput: LineWriter | undefined;
  readonly verbose: boolean;
  /** Hides what the log must not show. */
  redact(text: string): string;
}

const flushIntervalMs = 200;

export class ScriptLog {
  readonly #options: LogOptions;
  #flushedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: LogOptions) {
    this.#options = options;
  }

  /** A message of the runtime itself. */
  report(level: LogLevel, message: string, fields: Readonly<Record<string, string>> = {}): void {
    this.#write(this.#options.main, level, message, fields);
  }

  /** A line that a script printed. What its top-level code prints belongs to the log of the run, as in k6. */
  console(level: LogLevel, message: string, isInit: boolean): void {
    const { consoleOutput, main } = this.#options;
    if (consoleOutput === undefined || isInit) {
      this.#write(main, level, message, { source: 'console' });
      return;
    }
    this.#write(consoleOutput, level, message, {});
    // A script that holds the thread from here on would keep a timer from doing it.
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#flushedAtMs >= flushIntervalMs) {
      this.#flushedAtMs = nowMs;
      consoleOutput.flush();
    }
  }

  flush(): void {
    this.#options.main?.flush();
    this.#options.consoleOutput?.flush();
  }

  #write(
    writer: LineWriter | undefined,
    level: LogLevel,
    message: string,
    fields: Readonly<Record<string, string>>,
  ): void {
    if (writer === undefined || (level === 'debug' && !this.#options.verbose)) return;
    writer.write(this.#options.redact(this.#format(level, message, fields)));
    if (writer === this.#options.main) writer.flush();
  }

  #format(level: LogLevel, message: string, fields: Readonly<Record<string, string>>): string {
    if (this.#options.format === 'raw') return message;
    const time = `${new Date(this.#options.clock.nowMs()).toISOString().slice(0, 19)}Z`;
    if (this.#options.format === 'json') return JSON.stringify({ ...fields, level, msg: message, time });
    const pairs = Object.entries({ msg: message, ...fields });
    return `time="${time}" level=${level} ${pairs.map(([name, value]) => `${name}=${quoted(value)}`).join(' ')}`;
  }
}

function quoted(value: string): string {
  return /^[A-Za-z0-9\-._/@^+]+$/.test(value) ? value : JSON.stringify(value);
}
