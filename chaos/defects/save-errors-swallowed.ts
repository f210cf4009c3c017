/** Stands in for `system/sync/saver.ts`: a save that failed everywhere is reported as done. */
import { Saver as RightSaver, type SaveOptions } from '../../system/sync/saver.ts';
import { type Carrier, judged, type Judged } from '../../system/sync/verdict.ts';

export type { SaveOptions } from '../../system/sync/saver.ts';

export class Saver extends RightSaver {
  override async save<T extends Carrier>(
    writes: readonly T[],
    options: SaveOptions,
  ): Promise<readonly Judged<T>[]> {
    try {
      return await super.save(writes, options);
    } catch {
      return writes.map((write) => judged(write, 'applied'));
    }
  }
}
