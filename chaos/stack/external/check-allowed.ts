/** Checks before anything starts that permitted changes are possible on an external stack, and can be undone. */
import { z } from 'zod';
import { MissingPartError } from '../../errors.ts';
import { openMongo } from '../mongo-launch.ts';
import { canStepDown } from '../step-down.ts';
import type { Allowable } from './allowed.ts';
import { withRedis } from './redis-at-address.ts';

const checks: Readonly<Record<Allowable, (uris: Uris) => Promise<void>>> = {
  'mongo-step-down': ({ mongo }) => checkStepDown(mongo),
  'redis-configure': ({ redis }) => checkConfigure(redis),
};

interface Uris {
  readonly redis: URL;
  readonly mongo: string;
}

/** Throws `MissingPartError` with the reason why one of them cannot be done. */
export async function checkAllowed(allowed: readonly Allowable[], uris: Uris): Promise<void> {
  for (const capability of allowed) {
    try {
      await checks[capability](uris);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      throw new MissingPartError(
        `--allow ${capability} is not possible there: ${words}`,
        `leave ${capability} out of --allow, or give the user of the address the right to it`,
        { cause: error },
      );
    }
  }
}

const configSchema = z.object({
  config: z.object({ members: z.array(z.object({ host: z.string(), priority: z.number() })) }),
});

/** The target is connected to one member only, so that member must become primary again. */
async function checkStepDown(uri: string): Promise<void> {
  if (!(await canStepDown(uri))) throw new Error('the server knows no replSetStepDown');
  await using client = await openMongo(uri);
  const admin = client.db('admin');
  const { me } = await admin.command({ hello: 1 });
  const { config } = configSchema.parse(await admin.command({ replSetGetConfig: 1 }));
  const own = config.members.find(({ host }) => host === me)?.priority ?? 0;
  const rivals = config.members.filter(({ host, priority }) => host !== me && priority >= own);
  if (config.members.length > 1 && rivals.length > 0) {
    throw new Error(
      `${rivals.map(({ host }) => host).join(', ')} could stay primary after a step-down; give ${String(me)} the highest priority`,
    );
  }
}

/** Sets what is set already. */
async function checkConfigure(url: URL): Promise<void> {
  await withRedis(url, async (redis) => {
    const [name, value] = z.tuple([z.string(), z.string()]).parse(await redis.config('GET', 'maxmemory'));
    await redis.config('SET', name, value);
  });
}
