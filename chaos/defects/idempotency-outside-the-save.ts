/**
 * Stands in for `system/actions/remembered-answer.ts`: answers are kept beside the general, in the memory of the process, before its
 * save is known to have succeeded. Another process does not know them, and this one knows of actions that never were.
 */
import type { Remembered } from '../../system/actions/remembered-answer.ts';
import type { ActionResult, General } from '../../system/models/general.ts';

export * from '../../system/actions/remembered-answer.ts';

const answers = new Map<string, { readonly print: string; readonly result: ActionResult }>();

export function recall(_general: General, key: string, print: string): Remembered {
  const found = answers.get(key);
  if (found === undefined) return { kind: 'new' };
  return found.print === print ? { kind: 'answered', result: found.result } : { kind: 'reused' };
}

export function remember(general: General, key: string, print: string, result: ActionResult): General {
  answers.set(key, { print, result });
  return general;
}
