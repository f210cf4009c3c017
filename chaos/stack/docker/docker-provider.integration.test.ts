import { mkdir } from 'node:fs/promises';
import { describe } from 'vitest';
import { systemClock } from '../../clock.ts';
import { temporaryFolder } from '../../process/temporary-folder.ts';
import { startWarden } from '../../process/warden.ts';
import { type ContractSubject, describeProvider } from '../provider-contract.ts';
import { openContainers } from './containers.ts';
import { dockerProvider, stackLabel } from './docker-provider.ts';

const provider = dockerProvider({ pull: false });
const availability = await provider.probe();

async function createSubject(): Promise<ContractSubject> {
  await using owned = new AsyncDisposableStack();
  const warden = owned.use(await startWarden());
  const { path: folder } = owned.use(await temporaryFolder(warden, 'docker'));
  await mkdir(folder, { recursive: true });
  const { client } = await openContainers(process.env, systemClock);
  const filters = { label: [stackLabel] };
  const remainders = async (): Promise<string[]> => {
    const containers = await client.container.dockerode.listContainers({ all: true, filters });
    const networks = await client.container.dockerode.listNetworks({ filters });
    return [...containers, ...networks].map(({ Id }) => Id);
  };
  const others = await remainders();
  const stack = owned.use(
    await provider.start({ folder, seed: 'contract', signal: AbortSignal.timeout(180_000) }),
  );
  const moved = owned.move();
  return {
    stack,
    end: async () => await stack[Symbol.asyncDispose](),
    remainders: async () => (await remainders()).filter((id) => !others.includes(id)),
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

describe.skipIf(!availability.available)(
  `with an engine (${availability.available ? 'one answers' : availability.reason})`,
  () => {
    describeProvider('docker', createSubject);
  },
);
