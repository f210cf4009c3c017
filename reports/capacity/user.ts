/** From users to requests: what each of them does in a minute, and the background work that each of them causes. */
import { z } from 'zod';

export const userSchema = z.object({
  /** Such as "shopper"; plans speak of so many of them. */
  noun: z.string(),
  plural: z.string(),
  readsPerMinute: z.number().nonnegative(),
  writesPerMinute: z.number().nonnegative(),
  /** Share of all users that are online at once. */
  onlineShare: z.number().positive().max(1),
  /** Work that the target does by itself, in units for each user, online or not; null when there is none. */
  background: z.object({ unit: z.string(), perMinute: z.number().nonnegative() }).nullable(),
});
export type User = z.infer<typeof userSchema>;

export function requestsPerSecond(
  { readsPerMinute, writesPerMinute, onlineShare }: User,
  users: number,
): number {
  return (users * onlineShare * (readsPerMinute + writesPerMinute)) / 60;
}

/** Share of writes among the requests. */
export function writeShareOf({
  readsPerMinute,
  writesPerMinute,
}: Pick<User, 'readsPerMinute' | 'writesPerMinute'>): number {
  const all = readsPerMinute + writesPerMinute;
  return all === 0 ? 0 : writesPerMinute / all;
}

/** Units of background work in each second. */
export function backgroundPerSecond({ background }: User, users: number): number {
  return (users * (background?.perMinute ?? 0)) / 60;
}
