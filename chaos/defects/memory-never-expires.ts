/** Stands in for `system/cache/l1.ts`: its time to live is taken for seconds where milliseconds are given. */
import { L1 as RightL1 } from '../../system/cache/l1.ts';

const msPerSecond = 1_000;

export class L1 extends RightL1 {
  constructor(options: ConstructorParameters<typeof RightL1>[0]) {
    super({ ...options, ttlMs: options.ttlMs * msPerSecond });
  }
}
