/** An exception as plain data, whichever realm it comes from. */
import { types } from 'node:util';
import type { ErrorFacts } from '../api/host.ts';

export function errorFactsOf(error: unknown): ErrorFacts {
  if (!types.isNativeError(error)) return { message: String(error), name: '', stack: '' };
  return { message: error.message, name: error.name, stack: error.stack ?? '' };
}
