/** Whether the member of the replica set that the system talks to is primary. */
import type { Admin } from 'mongodb';
import { z } from 'zod';
import { until } from '../until.ts';
import type { FaultContext } from './fault.ts';

const helloSchema = z.object({ isWritablePrimary: z.boolean() });

export async function isPrimary({ observer }: Pick<FaultContext, 'observer'>): Promise<boolean> {
  return await saysPrimary(observer.database.admin());
}

/** The same of any member. */
export async function saysPrimary(admin: Pick<Admin, 'command'>): Promise<boolean> {
  return helloSchema.parse(await admin.command({ hello: 1 })).isWritablePrimary;
}

/** False when it is not in time. A question that fails is answered with no. */
export async function becomesPrimary(
  context: Pick<FaultContext, 'clock' | 'observer'>,
  { limitMs, pollMs }: { readonly limitMs: number; readonly pollMs: number },
): Promise<boolean> {
  const ask = () => isPrimary(context).catch(() => false);
  return await until(ask, { clock: context.clock, limitMs, pollMs });
}
