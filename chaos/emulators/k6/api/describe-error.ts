/** What is known of an exception that a script did not catch, as plain data. */
import type { ErrorFacts } from './host.ts';

export function describeError(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { message: textOf(error), name: '', stack: '' };
  return { message: textOf(error.message), name: textOf(error.name), stack: textOf(error.stack ?? '') };
}

/** Of whatever a script may throw. */
function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
