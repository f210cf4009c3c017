/** Data that the harness did not create: it is never deleted, and a run that would touch it is refused. */
import { exitCodes, RedcliffError } from '../../errors.ts';

/** Databases of the harness begin with this; every cell has one of its own. */
export const ownDatabasePrefix = 'redcliff_';
/** In every database that the harness made, a collection of one document that says so. */
export const ownerCollection = 'redcliff_owner';
/** In a Redis database that was empty when the harness took it, a key that says so. */
export const ownerKey = 'redcliff:owner';

/** Thrown before anything is changed. */
export class ForeignData extends RedcliffError {
  override readonly name = 'ForeignData';
  readonly code = 'foreign_data';
  readonly exitStatus = exitCodes.usage;
}

export interface RedisContents {
  readonly isMarked: boolean;
  readonly keys: number;
  /** One that the target would use, and one that it would not; null where there is none. */
  readonly targetKey: string | null;
  readonly otherKey: string | null;
}

/** Throws `ForeignData` unless the harness may work in a Redis database with these contents. Pure. */
export function judgeRedis(contents: RedisContents, besideForeignKeys: boolean): void {
  const { isMarked, keys, targetKey, otherKey } = contents;
  if (isMarked || keys === 0) return;
  const another = 'name an empty database of it, such as redis://host:6379/5';
  if (targetKey !== null) {
    throw new ForeignData(
      `--redis-uri: the database holds keys of the target that this harness did not make, such as "${targetKey}"`,
      `${another}: these may belong to a service in use`,
    );
  }
  if (besideForeignKeys) return;
  throw new ForeignData(
    `--redis-uri: the database holds ${keys} keys that this harness did not make, such as "${otherKey ?? ''}"`,
    `${another}, or give --beside-foreign-keys: they are left alone then`,
  );
}

/** Throws `ForeignData` when databases of these names were not made by the harness. Pure. */
export function judgeDatabases(unmarked: readonly string[]): void {
  if (unmarked.length === 0) return;
  throw new ForeignData(
    `--mongo-uri: ${unmarked.join(', ')} have names of the harness, but were not created by it`,
    `check their contents, then rename or drop them: the harness drops no database without ${ownerCollection}`,
  );
}
