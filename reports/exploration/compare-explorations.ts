/** Which calls the target survives now and did not before, and the other way round. */
import { type Exploration, type ExplorationChange, type Injection, injectionName } from './exploration.ts';

/** Of several `before`, joined, an injection that was violated in any of them counts as violated. */
export function compareExplorations(
  now: Pick<Exploration, 'injections'>,
  before: Pick<Exploration, 'injections'>,
): ExplorationChange {
  const decided = ({ injections }: Pick<Exploration, 'injections'>): Map<string, Injection['result']> =>
    new Map(
      ['survived', 'violated']
        .flatMap((wanted) => injections.filter(({ result }) => result === wanted))
        .map((injection) => [injectionName(injection), injection.result]),
    );
  const [earlier, later] = [decided(before), decided(now)];
  const both = [...later].filter(([name]) => earlier.has(name));
  return {
    worse: both
      .filter(([name, result]) => result === 'violated' && earlier.get(name) === 'survived')
      .map(([name]) => name),
    better: both
      .filter(([name, result]) => result === 'survived' && earlier.get(name) === 'violated')
      .map(([name]) => name),
    compared: both.length,
    unlike: earlier.size + later.size - 2 * both.length,
  };
}
