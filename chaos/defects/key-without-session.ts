/** Stands in for `system/cache/keys.ts`: a general's number is taken for unique, and its key leaves the session out. */
import { cacheKeys as right } from '../../system/cache/keys.ts';

export {
  epochKey,
  heartbeatsKey,
  isEntry,
  isPrefix,
  leaseKey,
  separate,
  syncKeys,
} from '../../system/cache/keys.ts';

export const cacheKeys: typeof right = {
  ...right,
  generalByNo: (_sessionId, no) => `general:byNo:${no}`,
};
