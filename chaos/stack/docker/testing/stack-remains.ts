/** Containers and networks of docker stacks that are on the engine. */
import { systemClock } from '../../../clock.ts';
import { openContainers } from '../containers.ts';
import { stackLabel } from '../stack-label.ts';

/** Identifiers of containers and networks. */
export async function stackRemains(): Promise<readonly string[]> {
  const { dockerode } = (await openContainers(process.env, systemClock)).client.container;
  const filters = { label: [stackLabel] };
  const containers = await dockerode.listContainers({ all: true, filters });
  const networks = await dockerode.listNetworks({ filters });
  return [...containers, ...networks].map(({ Id }) => Id);
}
