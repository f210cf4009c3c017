/** Stands in for `system/compound/find-or-refuse.ts`: a general is looked up by his number, and may be another world's. */
import type { General } from '../../system/models/general.ts';
import * as right from '../../system/compound/find-or-refuse.ts';

export { needActiveNation, needCity, needNation } from '../../system/compound/find-or-refuse.ts';

export async function needGeneral(
  ...[unit, collections, sessionId, no]: Parameters<typeof right.needGeneral>
): Promise<General> {
  const [found] = await unit.find(collections.entities.general, { no });
  return found ?? (await right.needGeneral(unit, collections, sessionId, no));
}
