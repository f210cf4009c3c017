/**
 * Errors of the embedded MongoDB. Codes and names are those of MongoDB 7, because drivers decide by them
 * whether to retry, to discard a session or to look for a new primary.
 */
import { errorCodes, errorNameOf } from './error-codes.ts';
import type { ErrorName } from './error-codes.ts';

export { errorCodes, errorNameOf };
export type { ErrorName };

/** A command's failure as MongoDB reports it: `code`, `codeName`, `errmsg`, optional labels and further reply fields. */
export class MongoError extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly labels: string[];
  readonly fields: Record<string, unknown>;

  constructor(name: ErrorName, message: string, fields: Record<string, unknown> = {}, labels: string[] = []) {
    super(message);
    this.name = 'MongoError';
    this.code = errorCodes[name];
    this.codeName = name;
    this.fields = fields;
    this.labels = labels;
  }
}

/** Error whose number has no name in the table above; MongoDB calls it `Location<code>`. */
export function locationError(code: number, message: string): MongoError {
  const error = new MongoError('InternalError', message);
  return Object.assign(error, { code, codeName: errorNameOf(code) });
}

/** The message breaks the protocol so badly that no reply can be addressed to it; the connection is closed. */
export class FrameError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FrameError';
  }
}

/** Whatever was thrown, as the error a client is told; a programming error becomes InternalError with its message. */
export function asMongoError(thrown: unknown): MongoError {
  if (thrown instanceof MongoError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new MongoError('InternalError', message);
}
