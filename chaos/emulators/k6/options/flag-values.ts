/** How the texts of flags and variables are read; what cannot be read ends the run as a usage error. */
import { RunError } from '../errors.ts';

export function readBoolean(text: string, name: string): boolean {
  if (/^(1|t|true)$/i.test(text)) return true;
  if (/^(0|f|false)$/i.test(text)) return false;
  throw new RunError('usage', `invalid value '${text}' for ${name}: expected true or false`);
}

export function readNumber(text: string, name: string): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw new RunError('usage', `invalid value '${text}' for ${name}: expected a whole number`);
}

/** `10s:5,1m:20` as k6 writes stages. */
export function parseStages(text: string): { duration: string; target: number }[] {
  return text.split(',').map((part) => {
    const separator = part.lastIndexOf(':');
    const target = part.slice(separator + 1);
    if (separator < 0 || !/^\d+$/.test(target)) {
      throw new RunError('usage', `invalid stage '${part}': expected duration:target`);
    }
    return { duration: part.slice(0, separator), target: Number(target) };
  });
}

export function parseAssignment(text: string, name: string): [key: string, value: string] {
  const separator = text.indexOf('=');
  if (separator <= 0) throw new RunError('usage', `invalid value '${text}' for ${name}: expected NAME=VALUE`);
  return [text.slice(0, separator), text.slice(separator + 1)];
}
