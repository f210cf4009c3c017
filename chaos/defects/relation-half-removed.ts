/**
 * Stands in for `system/compound/destroy-nation.ts`: of the relations of a nation that ends only its own side is removed; what the
 * others say of it stays.
 */
import * as right from '../../system/compound/destroy-nation.ts';
import type { CompoundResult } from '../../system/compound/run-compound.ts';

export { destructionCommitTimeMs } from '../../system/compound/destroy-nation.ts';

export async function destroyNation(
  ...[unit, collections, sessionId, number]: Parameters<typeof right.destroyNation>
): Promise<CompoundResult> {
  const ownSide = { session_id: sessionId, from: number };
  const looking = new Proxy(unit, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) =>
        member.apply(
          target,
          name === 'find' && args[0] === collections.relations ? [args[0], ownSide] : args,
        );
    },
  });
  return await right.destroyNation(looking, collections, sessionId, number);
}
