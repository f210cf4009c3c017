import { describe } from 'vitest';
import { temporaryFolder } from '../../process/temporary-folder.ts';
import { startReaper } from '../../process/reaper.ts';
import { type ContractSubject, describeProvider } from '../provider-contract.ts';
import { dockerProvider, type MongoMembers } from './docker-provider.ts';
import { stackRemains } from './testing/stack-remains.ts';

const availability = await dockerProvider({ pull: false }).probe();

async function createSubject(mongoMembers: MongoMembers): Promise<ContractSubject> {
  const provider = dockerProvider({ pull: false, mongoMembers });
  await using owned = new AsyncDisposableStack();
  const reaper = owned.use(await startReaper());
  const { path: folder } = owned.use(await temporaryFolder(reaper, 'docker'));
  const others = await stackRemains();
  const stack = owned.use(
    await provider.start({ folder, seed: 'contract', signal: AbortSignal.timeout(180_000) }),
  );
  const moved = owned.move();
  return {
    stack,
    end: async () => await stack[Symbol.asyncDispose](),
    remainders: async () => (await stackRemains()).filter((id) => !others.includes(id)),
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

describe.skipIf(!availability.available)(
  `with an engine (${availability.available ? 'one answers' : availability.reason})`,
  () => {
    describeProvider('docker', () => createSubject(1));
    describeProvider('docker (three members)', () => createSubject(3));
  },
);
