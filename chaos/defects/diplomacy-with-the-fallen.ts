/** Stands in for `system/compound/find-or-refuse.ts`: whether a nation still exists is not asked, and the destroyed make treaties. */
import { needNation } from '../../system/compound/find-or-refuse.ts';

export { needCity, needGeneral, needNation } from '../../system/compound/find-or-refuse.ts';

export const needActiveNation = needNation;
