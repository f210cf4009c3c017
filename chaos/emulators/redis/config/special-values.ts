/** Options whose values have rules of their own. */
import { formatFixed } from '../numbers/decimal.ts';
import { parseDouble } from '../numbers/strtod.ts';
import type { Parsed } from './option.ts';
import { parseValue, type Option } from './option.ts';

/** A snapshot is made after so many seconds when at least so much changed. */
export interface SavePoint {
  readonly seconds: number;
  readonly changes: number;
}

export function parseSavePoints(text: string): SavePoint[] | undefined {
  const words = splitAtSpaces(text);
  if (words.length % 2 !== 0) return undefined;
  const points: SavePoint[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const seconds = wholeNumber(words[at]);
    const changes = wholeNumber(words[at + 1]);
    if (seconds === undefined || changes === undefined || seconds < 1 || changes < 0) return undefined;
    points.push({ seconds, changes });
  }
  return points;
}

/** At every single space, as Redis does; nothing gives no words. */
function splitAtSpaces(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}

/** As C's strtoll reads all of a word, of which nothing is 0. */
function wholeNumber(word = ''): number | undefined {
  return word === '' || /^\s*[+-]?\d+$/.test(word) ? Number(word) : undefined;
}

const clientClasses = ['normal', 'slave', 'pubsub'];
const memory: Option = {
  name: '',
  alias: undefined,
  kind: { kind: 'memory', minimum: 0n, maximum: 2n ** 64n - 1n },
  isFixed: false,
  isProtected: false,
  hasDefaultOnly: false,
  defaultValue: '0',
};

/** Classes that are not named keep their limits. */
export function parseOutputLimits(current: string, text: string): Parsed {
  const words = splitAtSpaces(text);
  if (words.length % 4 !== 0) {
    return { refusal: 'Wrong number of arguments in buffer limit configuration.' };
  }
  const limits = new Map<string, string>();
  const known = current.split(' ');
  for (let at = 0; at < known.length; at += 4)
    limits.set(known[at] ?? '', known.slice(at + 1, at + 4).join(' '));
  for (let at = 0; at < words.length; at += 4) {
    const [given = '', hard = '', soft = '', seconds = ''] = words.slice(at, at + 4);
    const name = given.toLowerCase() === 'replica' ? 'slave' : given.toLowerCase();
    if (!clientClasses.includes(name)) {
      return { refusal: 'Invalid client class specified in buffer limit configuration.' };
    }
    const parsed = [parseValue(memory, hard), parseValue(memory, soft)];
    const values = parsed.map((each) => ('value' in each ? each.value : undefined));
    const softSeconds = wholeNumber(seconds);
    if (values.includes(undefined) || softSeconds === undefined || softSeconds < 0) {
      return { refusal: 'Error in hard, soft or soft_seconds setting in buffer limit configuration.' };
    }
    limits.set(name, [...values, softSeconds].join(' '));
  }
  return { value: clientClasses.map((name) => `${name} ${limits.get(name) ?? '0 0 0'}`).join(' ') };
}

/** How much a client may leave unread: never more than the hard limit, and not above the soft one for long. 0 for no limit. */
export interface OutputLimit {
  readonly hardBytes: number;
  readonly softBytes: number;
  readonly softSeconds: number;
}

export function readOutputLimit(text: string, clientClass: string): OutputLimit {
  const words = text.split(' ');
  const at = words.indexOf(clientClass);
  const [hardBytes = 0, softBytes = 0, softSeconds = 0] = words.slice(at + 1, at + 4).map(Number);
  return { hardBytes, softBytes, softSeconds };
}

export function parsePercentiles(text: string): Parsed {
  const values = splitAtSpaces(text).map(parseDouble);
  if (values.includes(undefined)) return { refusal: 'Invalid latency-tracking-info-percentiles parameters' };
  if (values.some((value = 0) => value < 0 || value > 100)) {
    return { refusal: 'latency-tracking-info-percentiles parameters should sit between [0.0,100.0]' };
  }
  return { value: values.map((value = 0) => formatFixed(value, 6).replace(/\.?0+$/, '')).join(' ') };
}
