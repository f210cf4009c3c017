/** The configuration in force: values by name, changed all at once or not at all. */
import { untilNul } from '../bytes/byte-string.ts';
import { parseNotifications, type Notifications, formatNotifications } from '../keyspace/notifications.ts';
import type { EncodingLimits } from '../values/limits.ts';
import { options, optionsByName, parseValue, type Option, type Parsed } from './option.ts';
import {
  parseOutputLimits,
  parsePercentiles,
  parseSavePoints,
  readOutputLimit,
  type OutputLimit,
  type SavePoint,
} from './special-values.ts';

export type Change =
  | { readonly kind: 'done'; readonly changed: ReadonlySet<string> }
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'refused'; readonly name: string; readonly reason: string };

/** At the start everything can be set; later not what is fixed, nor, unless allowed, what is protected. */
export type ChangeMode = 'start' | 'run';

export class Configuration {
  readonly #values = new Map<string, string>(options.map(({ name, defaultValue }) => [name, defaultValue]));
  readonly #numbers = new Map<string, number>();
  readonly #set = new Set<string>();
  encodingLimits: EncodingLimits;
  notifications: Notifications;
  savePoints: readonly SavePoint[] = [];

  constructor() {
    for (const [name, value] of this.#values) this.#numbers.set(name, Number(value));
    this.notifications = { classes: new Set(), byKey: false, byEvent: false };
    this.encodingLimits = this.#readLimits();
    this.#derive('save', this.text('save'));
  }

  text(name: string): string {
    const value = this.#values.get(name);
    if (value === undefined) throw new RangeError(`there is no option ${name}`);
    return value;
  }

  /** Of an option that takes a number; a memory size in bytes. */
  number(name: string): number {
    const value = this.#numbers.get(name);
    if (value === undefined) throw new RangeError(`there is no option ${name}`);
    return value;
  }

  /** Whether the option was given a value, be it its default. */
  hasBeenSet(name: string): boolean {
    return this.#set.has(name);
  }

  flag(name: string): boolean {
    return this.text(name) === 'yes';
  }

  outputLimit(clientClass: 'normal' | 'pubsub'): OutputLimit {
    return readOutputLimit(this.text('client-output-buffer-limit'), clientClass);
  }

  change(pairs: readonly (readonly [string, string])[], mode: ChangeMode): Change {
    const found: (readonly [Option, string, string])[] = [];
    for (const [name, text] of pairs) {
      const option = optionsByName.get(name.toLowerCase());
      if (option === undefined) return { kind: 'unknown', name };
      const refusal = this.#settable(option, mode);
      if (refusal !== undefined) return { kind: 'refused', name, reason: refusal };
      if (found.some(([other]) => other === option)) {
        return { kind: 'refused', name, reason: 'duplicate parameter' };
      }
      found.push([option, name, text]);
    }
    const values: (readonly [string, string, string])[] = [];
    for (const [option, , text] of found) {
      const parsed = this.#parse(option, text);
      if ('refusal' in parsed) {
        this.#restore(found.slice(0, values.length + 1).map(([{ name }]) => name));
        return { kind: 'refused', name: option.name, reason: parsed.refusal };
      }
      values.push([option.name, parsed.value, text]);
    }
    for (const [name, value, given] of values) {
      this.#values.set(name, value);
      this.#set.add(name);
      this.#numbers.set(name, Number(value));
      this.#derive(name, given);
    }
    return { kind: 'done', changed: new Set(values.map(([name]) => name)) };
  }

  /** As Redis puts values back after a refusal, from the form in which they are shown. */
  #restore(names: readonly string[]): void {
    for (const name of names) this.#derive(name, this.text(name));
  }

  #settable(option: Option, mode: ChangeMode): string | undefined {
    if (mode === 'start') return undefined;
    const allowsProtected = this.text('enable-protected-configs') !== 'no';
    if (option.isProtected && !allowsProtected) return "can't set protected config";
    return option.isFixed ? "can't set immutable config" : undefined;
  }

  #parse(option: Option, text: string): Parsed {
    const parsed =
      option.kind.kind === 'special'
        ? parseSpecial(option, this.text(option.name), text)
        : parseValue(option, text);
    if ('refusal' in parsed || !option.hasDefaultOnly || parsed.value === option.defaultValue) return parsed;
    return { refusal: `the emulator offers no other value than '${option.defaultValue}'` };
  }

  /** What was given may say more than the form in which it is shown. */
  #derive(name: string, given: string): void {
    if (name === 'save') this.savePoints = parseSavePoints(this.text('save')) ?? [];
    if (name === 'notify-keyspace-events') {
      this.notifications = parseNotifications(given) ?? this.notifications;
    }
    this.encodingLimits = this.#readLimits();
  }

  #readLimits(): EncodingLimits {
    return {
      hashEntries: this.number('hash-max-listpack-entries'),
      hashBytes: this.number('hash-max-listpack-value'),
      intsetEntries: this.number('set-max-intset-entries'),
      sortedSetEntries: this.number('zset-max-listpack-entries'),
      sortedSetBytes: this.number('zset-max-listpack-value'),
    };
  }
}

function parseSpecial({ name, defaultValue }: Option, current: string, text: string): Parsed {
  switch (name) {
    case 'save': {
      const points = parseSavePoints(untilNul(text));
      if (points === undefined) return { refusal: 'Invalid save parameters' };
      return { value: points.map(({ seconds, changes }) => `${seconds} ${changes}`).join(' ') };
    }
    case 'notify-keyspace-events': {
      const parsed = parseNotifications(text);
      if (parsed === undefined) return { refusal: "Invalid event class character. Use 'Ag$lshzxeKEtmdn'." };
      return { value: formatNotifications(parsed) };
    }
    case 'client-output-buffer-limit':
      return parseOutputLimits(current, text);
    case 'latency-tracking-info-percentiles':
      return parsePercentiles(text);
    case 'replicaof':
    case 'oom-score-adj-values':
      return { value: text === '' ? defaultValue : text };
    default:
      return { value: text };
  }
}
