/** $unwind: one document for each element of an array. */
import { locationError } from '../errors.ts';
import { Long } from 'bson';
import { cloneContainers, isDocument } from '../query/bson-value.ts';
import { readPath, removePath, writePath } from '../query/update/path-writer.ts';
import type { Stage } from './pipeline.ts';

export function compileUnwind(operand: unknown): Stage {
  const given = typeof operand === 'string' ? { path: operand } : operand;
  if (!isDocument(given))
    throw locationError(15981, 'expected either a string or an object as specification for $unwind stage');
  const { path, preserveNullAndEmptyArrays, includeArrayIndex } = given;
  if (typeof path !== 'string') throw locationError(28808, 'expected a string as the path for $unwind stage');
  if (!path.startsWith('$'))
    throw locationError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  const parts = path.slice(1).split('.');
  const index = typeof includeArrayIndex === 'string' ? includeArrayIndex.split('.') : undefined;
  return function* (documents) {
    for (const document of documents) {
      const value = readPath(document, parts);
      if (Array.isArray(value) && value.length > 0) {
        for (const [position, item] of value.entries()) {
          const copy = cloneContainers(document);
          writePath(copy, parts, item);
          if (index !== undefined) writePath(copy, index, Long.fromNumber(position));
          yield copy;
        }
      } else if (Array.isArray(value) || value === null || value === undefined) {
        if (preserveNullAndEmptyArrays !== true) continue;
        const copy = cloneContainers(document);
        if (Array.isArray(value)) removePath(copy, parts);
        if (index !== undefined) writePath(copy, index, null);
        yield copy;
      } else {
        const copy = cloneContainers(document);
        if (index !== undefined) writePath(copy, index, null);
        yield copy;
      }
    }
  };
}
