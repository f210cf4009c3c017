/**
 * Containers by testcontainers: one network for each stack, every container labelled with its run, ports published on loopback
 * where the engine is on this machine. The library is loaded only here, and only once it is needed.
 */
import type { ContainerRuntimeClient } from 'testcontainers';
import type { Clock } from '../../clock.ts';
import { MissingPartError } from '../../errors.ts';
import { withDeadline } from '../deadline.ts';
import { StackFailed } from '../errors.ts';
import { type ImageName, imageOf, imageVariable } from './images.ts';
import type { HostPorts } from './container-part.ts';
import type { Environment } from '../programs.ts';

/** A MongoDB image is most of a gigabyte. */
const pullDeadlineMs = 900_000;
const loopback = '127.0.0.1';

export interface RunRequest {
  readonly image: string;
  readonly command: readonly string[];
  readonly alias: string;
  readonly ports: HostPorts;
  /** A network that it is in besides. */
  readonly inner?: { readonly network: InnerNetwork; readonly alias: string };
}

export interface Containers {
  readonly client: ContainerRuntimeClient;
  /** By which published ports are reached. */
  readonly host: string;
  /** Images that are not on the engine yet. */
  missingImages(names: readonly ImageName[]): Promise<readonly string[]>;
  /** Throws `MissingPartError` when one is not available. */
  pull(names: readonly ImageName[]): Promise<void>;
  /** A network for one stack; what runs in it is removed by its owner, the network when disposed of. */
  openNetwork(label: string): Promise<ContainerNetwork>;
  /** A second one of the same stack, from which nothing else can be reached. */
  openInnerNetwork(label: string, name: string): Promise<InnerNetwork>;
}

export interface ContainerNetwork extends AsyncDisposable {
  run(request: RunRequest): Promise<string>;
}

/** Containers come into it and leave it while they run. */
export interface InnerNetwork extends AsyncDisposable {
  /** Under this name for the others; fine when it is in already. */
  join(containerId: string, alias: string): Promise<void>;
  /** Connections through it end in silence; fine when it is out already. */
  leave(containerId: string): Promise<void>;
}

export async function openContainers(environment: Environment, clock: Clock): Promise<Containers> {
  const library = await import('testcontainers').catch((error: unknown) => {
    throw new MissingPartError(
      'the package testcontainers, which the docker stack needs, is not installed',
      'npm install --save-dev testcontainers, or take --stack local',
      { cause: error },
    );
  });
  const client = await library.getContainerRuntimeClient();
  const given = client.info.containerRuntime.host;
  const host = given === 'localhost' ? loopback : given;
  const isHere = (name: string) => client.image.exists(library.ImageName.fromString(name));
  const ryuk = process.env['RYUK_CONTAINER_IMAGE'] ?? 'testcontainers/ryuk:0.14.0';
  // Ryuk removes containers when this process and the container reaper are both gone; where its image is not, the container reaper has to do.
  if (process.env['TESTCONTAINERS_RYUK_DISABLED'] === undefined && !(await isHere(ryuk))) {
    process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  }

  /** Publishes its ports on loopback, since nothing in them asks for a password. */
  class LoopbackContainer extends library.GenericContainer {
    /** Done before it starts: a server may look up its own name at once. */
    beforeStart: (containerId: string) => Promise<void> = () => Promise.resolve();

    protected override async containerCreated(containerId: string): Promise<void> {
      await this.beforeStart(containerId);
    }

    protected override async beforeContainerCreated(): Promise<void> {
      if (host !== loopback) return;
      const bindings: Record<string, { HostIp?: string; HostPort?: string }[]> =
        this.hostConfig.PortBindings ?? {};
      for (const binding of Object.values(bindings).flat()) binding.HostIp = loopback;
    }
  }

  const missingImages = async (names: readonly ImageName[]): Promise<string[]> => {
    const missing: string[] = [];
    for (const name of names) {
      const image = imageOf(name, environment);
      if (!(await isHere(image))) missing.push(image);
    }
    return missing;
  };

  return {
    client,
    host,
    missingImages,
    pull: async (names) => {
      for (const name of names) {
        const image = imageOf(name, environment);
        try {
          const pulling = client.image.pull(library.ImageName.fromString(image));
          await withDeadline(pulling, pullDeadlineMs, `pulling ${image}`, clock);
        } catch (error) {
          const words = error instanceof Error ? error.message : String(error);
          throw new MissingPartError(
            `the image ${image} is not on the engine and cannot be pulled: ${words}`,
            `docker pull ${image}, or name another one in ${imageVariable(name)}; ${without(name)}`,
            { cause: error },
          );
        }
      }
    },
    openNetwork: async (label) => {
      const [key = '', value = ''] = label.split('=');
      const network = await client.network.create({
        Name: `redcliff-${value}`,
        Labels: { [key]: value },
      });
      return {
        run: async ({ image, command, alias, ports, inner }) => {
          const container = new LoopbackContainer(image)
            .withCommand([...command])
            .withNetworkMode(network.id)
            .withNetworkAliases(alias)
            .withLabels({ [key]: value })
            .withExposedPorts(
              ...[...ports].map(([inside, outside]) => ({ container: inside, host: outside })),
            )
            // Readiness is checked from outside, by the callers.
            .withWaitStrategy(startedIsEnough);
          if (inner !== undefined) container.beforeStart = (id) => inner.network.join(id, inner.alias);
          try {
            return (await container.start()).getId();
          } catch (error) {
            const words = error instanceof Error ? error.message : String(error);
            throw new StackFailed(`a container of ${image} did not start: ${words}`, {
              cause: error,
              hint: `see what "docker run ${image}" says; a port that is taken is free after its owner ended`,
            });
          }
        },
        [Symbol.asyncDispose]: () => client.network.remove(network),
      };
    },
    openInnerNetwork: async (label, name) => {
      const [key = '', value = ''] = label.split('=');
      const network = await client.network.create({
        Name: `redcliff-${value}-${name}`,
        Labels: { [key]: value },
        // Without a way out it is never the one through which ports are published, so joining and leaving it disturb none.
        Internal: true,
      });
      return {
        join: async (containerId, alias) => {
          const joining = network.connect({ Container: containerId, EndpointConfig: { Aliases: [alias] } });
          await joining.catch(unless(/already exists in network/));
        },
        leave: async (containerId) => {
          const leaving = network.disconnect({ Container: containerId, Force: true });
          await leaving.catch(unless(/is not connected to/));
        },
        [Symbol.asyncDispose]: () => client.network.remove(network),
      };
    },
  };
}

function without(name: ImageName): string {
  return name === 'k6' ? '--k6 built-in needs no image' : '--stack local needs no image';
}

/** Ignores the error of a change that was made already. */
function unless(already: RegExp): (error: unknown) => void {
  return (error) => {
    if (error instanceof Error && already.test(error.message)) return;
    throw new StackFailed('the engine could not change a network', { cause: error });
  };
}

const startedIsEnough = {
  waitUntilReady: () => Promise.resolve(),
  withStartupTimeout: () => startedIsEnough,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => pullDeadlineMs,
};
