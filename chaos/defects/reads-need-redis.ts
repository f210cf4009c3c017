/** Stands in for `system/cache/l2.ts`: without Redis a read is an error, though MongoDB could answer it. */
import { L2 as RightL2 } from '../../system/cache/l2.ts';
import { RedisUnavailableError } from '../../system/errors.ts';

export class L2 extends RightL2 {
  override get usable(): boolean {
    if (!super.usable) throw new RedisUnavailableError('the cache can not be read');
    return true;
  }
}
