/** Stands in for `system/compound/destroy-nation.ts`: the cities of a nation that ends are forgotten, and stay its own. */
import * as right from '../../system/compound/destroy-nation.ts';
import type { CompoundResult } from '../../system/compound/run-compound.ts';

export { destructionCommitTimeMs } from '../../system/compound/destroy-nation.ts';

export async function destroyNation(
  ...[unit, collections, sessionId, number]: Parameters<typeof right.destroyNation>
): Promise<CompoundResult> {
  const withoutCities = new Proxy(unit, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) =>
        name === 'find' && args[0] === collections.entities.city
          ? Promise.resolve([])
          : member.apply(target, args);
    },
  });
  return await right.destroyNation(withoutCities, collections, sessionId, number);
}
