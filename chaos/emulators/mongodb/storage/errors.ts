/** Errors of the storage engine. What the client can cause is a `MongoError`; the others end the server's service. */
import { MongoError } from '../errors.ts';
import type { WriteConflict } from './contract.ts';

/** A write met an uncommitted write of another transaction, or a version newer than its snapshot. Nothing was changed. */
export class WriteConflictError extends MongoError implements WriteConflict {
  readonly namespace: string;
  readonly settled: Promise<void>;

  constructor(namespace: string, settled: Promise<void>) {
    super('WriteConflict', 'Caused by :: Write conflict during plan execution and yielding is disabled.');
    this.name = 'WriteConflictError';
    this.namespace = namespace;
    this.settled = settled;
  }
}

/** A file of the data folder does not hold what was written to it. Definite: the engine does not open. */
export class DamagedFileError extends Error {
  readonly file: string;
  readonly offset: number;

  constructor(file: string, offset: number, reason: string) {
    super(
      `${file} is damaged at byte ${offset}: ${reason}. Restore the folder from a copy, or start with an empty one.`,
    );
    this.name = 'DamagedFileError';
    this.file = file;
    this.offset = offset;
  }
}

/** The data folder is in use by a living process. */
export class FolderInUseError extends Error {
  constructor(folder: string) {
    super(`${folder} is in use by another process. Stop that process, or give another folder.`);
    this.name = 'FolderInUseError';
  }
}

/**
 * The journal could not be written, so nothing can be acknowledged any more; the engine stays readable until it is
 * opened anew. Whether a commit that fails with this is there after opening anew is unknown to its caller.
 */
export class JournalWriteError extends MongoError {
  constructor(file: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      'WriteConcernFailed',
      `the journal ${file} cannot be written, the server is read-only now: ${reason}`,
    );
    this.name = 'JournalWriteError';
    this.cause = cause;
  }
}
