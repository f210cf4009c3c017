/** What is loaded: the routes of a target, and the mixes of them that every target has or that it names itself. */
import type { User } from '../../reports/capacity/user.ts';
import { writeShareOf } from '../../reports/capacity/user.ts';
import {
  type CapacityProfile,
  type CapacityRoute,
  mixesOfEveryTarget,
  type UserModel,
} from '../api/capacity.ts';
import { UsageError } from '../errors.ts';

export interface Mix {
  readonly name: string;
  readonly title: string;
  /** Whether it is what users do, in their proportions. */
  readonly ofUsers: boolean;
  /** Share of each route among the requests; they add up to 1. */
  readonly weights: Readonly<Record<string, number>>;
  readonly writeShare: number;
}

export function userOf({ noun, plural, readsPerMinute, writesPerMinute, background }: UserModel): User {
  return {
    noun,
    plural: plural ?? `${noun}s`,
    readsPerMinute,
    writesPerMinute,
    onlineShare: 1,
    background: background ?? null,
  };
}

/** `user` says in which proportion reads and writes are mixed. Reads, or writes, are left out where users have none. */
export function mixesOf({ user: model, routes, mixes = [] }: CapacityProfile, user: User): Mix[] {
  const writeShare = writeShareOf(user);
  const [reads, writes] = [normalised(model.reads), normalised(model.writes)];
  const scaled = (weights: Readonly<Record<string, number>>, share: number) =>
    Object.entries(weights).map(([name, weight]) => [name, weight * share] as const);
  const all = Object.fromEntries([...scaled(reads, 1 - writeShare), ...scaled(writes, writeShare)]);
  const [usersName, readsName, writesName] = mixesOfEveryTarget;
  const own = mixes.map(({ name, title, weights: given }) => {
    const weights = normalised(given);
    const kindOf = (route: string) => routes.find((one) => one.name === route)?.kind;
    const written = Object.entries(weights).filter(([route]) => kindOf(route) === 'write');
    const share = written.reduce((sum, [, weight]) => sum + weight, 0);
    return { name, title, ofUsers: false, weights, writeShare: share };
  });
  return [
    {
      name: usersName,
      title: `what ${user.plural} do`,
      ofUsers: true,
      weights: Object.fromEntries(Object.entries(all).filter(([, weight]) => weight > 0)),
      writeShare,
    },
    { name: readsName, title: `what ${user.plural} read`, ofUsers: false, weights: reads, writeShare: 0 },
    { name: writesName, title: `what ${user.plural} write`, ofUsers: false, weights: writes, writeShare: 1 },
    ...own,
  ].filter(({ weights }) => Object.keys(weights).length > 0);
}

function normalised(weights: Readonly<Record<string, number>>): Record<string, number> {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  return Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, weight / total]));
}

/** Throws UsageError. */
export function routeNamed({ routes }: CapacityProfile, name: string): CapacityRoute {
  return named(routes, name, '--route', 'routes');
}

/** Throws UsageError. */
export function mixNamed(mixes: readonly Mix[], name: string): Mix {
  return named(mixes, name, '--mix', 'mixes');
}

function named<T extends { readonly name: string }>(
  all: readonly T[],
  name: string,
  option: string,
  plural: string,
): T {
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `${option} "${name}" does not exist`,
    `${plural}: ${all.map((one) => one.name).join(', ')}`,
  );
}
