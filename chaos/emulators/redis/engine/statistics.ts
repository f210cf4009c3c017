/** What INFO counts. */
import type { Bytes } from '../bytes/byte-string.ts';
import { Rate } from './rate.ts';

export interface CommandStatistics {
  calls: number;
  microseconds: number;
  /** Refused before they ran. */
  rejected: number;
  failed: number;
  /** Durations of up to the last so many calls, for percentiles. */
  readonly samples: number[];
}

const samplesMax = 1000;
/** Different error codes that are counted; a client may make up any number. */
const errorCodesMax = 128;

export class Statistics {
  commandsProcessed = 0;
  connectionsReceived = 0;
  connectionsRejected = 0;
  inputBytes = 0;
  outputBytes = 0;
  reads = 0;
  writes = 0;
  errorReplies = 0;
  evictedKeys = 0;
  readonly rate = new Rate();
  peakMemoryBytes = 0;
  #notedErrors = 0;
  readonly #commands = new Map<string, CommandStatistics>();
  readonly #errors = new Map<string, number>();

  command(name: string): CommandStatistics {
    const known = this.#commands.get(name);
    if (known !== undefined) return known;
    const made: CommandStatistics = { calls: 0, microseconds: 0, rejected: 0, failed: 0, samples: [] };
    this.#commands.set(name, made);
    return made;
  }

  /** Commands that were called or refused. */
  commands(): ReadonlyMap<string, CommandStatistics> {
    return this.#commands;
  }

  errors(): ReadonlyMap<string, number> {
    return this.#errors;
  }

  addCall(name: string, microseconds: number): void {
    const statistics = this.command(name);
    statistics.calls += 1;
    statistics.microseconds += microseconds;
    statistics.samples[(statistics.calls - 1) % samplesMax] = microseconds;
  }

  /** By the first word of the message. */
  addError(message: Bytes): void {
    this.errorReplies += 1;
    const code = /^(\S{1,31}) /.exec(message)?.[1] ?? 'ERR';
    if (this.#errors.size >= errorCodesMax && !this.#errors.has(code)) return;
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
  }

  /** Whether there were errors since this was called last. */
  noteErrors(): boolean {
    const hasNew = this.errorReplies > this.#notedErrors;
    this.#notedErrors = this.errorReplies;
    return hasNew;
  }

  reset(): void {
    this.commandsProcessed = 0;
    this.connectionsReceived = 0;
    this.connectionsRejected = 0;
    this.inputBytes = 0;
    this.outputBytes = 0;
    this.reads = 0;
    this.writes = 0;
    this.errorReplies = 0;
    this.evictedKeys = 0;
    this.#commands.clear();
    this.#errors.clear();
  }
}
