/** Stands in for `system/models/general.ts`: a change of a general refreshes him under his id, and not under his number. */
import { cacheKeys } from '../../system/cache/keys.ts';
import type { EntityKind } from '../../system/models/entity-kind.ts';
import { type General, generalKind as right } from '../../system/models/general.ts';

export * from '../../system/models/general.ts';

export const generalKind: EntityKind<General> = {
  ...right,
  entityKeys: (general) => [cacheKeys.general(general.session_id, general.general_id)],
};
