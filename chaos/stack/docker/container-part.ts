/**
 * One server of a docker stack: a container that can be killed, started again under the same address, paused and resumed, and
 * whose unexpected end is noticed.
 */
import { createWriteStream } from 'node:fs';
import type { ContainerRuntimeClient } from 'testcontainers';
import type { Clock } from '../../clock.ts';
import type { StackPart, UnexpectedExit } from '../contract.ts';
import { PartStateError, StackFailed } from '../errors.ts';
import { freePort } from '../free-port.ts';
import { untilReady } from './until-ready.ts';

type Container = ReturnType<ContainerRuntimeClient['container']['getById']>;
type State = 'running' | 'paused' | 'stopped';

/** Container port to the port of this machine by which it is reached; the same over all restarts. */
export type HostPorts = ReadonlyMap<number, number>;

export interface ContainerLaunch {
  readonly part: StackPart;
  /** Ports that are reached from outside of the network of the stack. */
  readonly ports: readonly number[];
  /** Creates and starts a container; gives its id. */
  run(ports: HostPorts): Promise<string>;
  /** Rejects while the server does not answer as the stack promises. */
  ask(ports: HostPorts): Promise<unknown>;
}

export interface ContainerPartOptions {
  readonly launch: ContainerLaunch;
  readonly client: ContainerRuntimeClient;
  readonly logFile: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onUnexpectedExit: (exit: UnexpectedExit) => void;
}

const readyDeadlineMs = 60_000;
/** How often other ports are tried when one that was chosen was taken before the engine had it. */
const portAttempts = 5;

export class ContainerPart implements AsyncDisposable {
  readonly ports: HostPorts;
  readonly #options: ContainerPartOptions;
  #container: Container;
  #state: State = 'running';
  /** Counts the starts, so that the end of an earlier one is not taken for that of the present one. */
  #starts = 0;
  #ended: string | undefined;

  private constructor(options: ContainerPartOptions, ports: HostPorts, container: Container) {
    this.#options = options;
    this.ports = ports;
    this.#container = container;
  }

  static async start(options: ContainerPartOptions): Promise<ContainerPart> {
    for (let attempt = 1; ; attempt += 1) {
      const ports = new Map<number, number>();
      for (const port of options.launch.ports) ports.set(port, await freePort());
      try {
        const part = new ContainerPart(options, ports, await runContainer(options, ports));
        await part.#becomeReady();
        return part;
      } catch (error) {
        if (attempt === portAttempts || !isPortTaken(error)) throw error;
      }
    }
  }

  /** Another one after every start without its data. */
  get containerId(): string {
    return this.#container.id;
  }

  async kill(): Promise<void> {
    await this.#requireRunning('be killed');
    this.#state = 'stopped';
    const gone = this.#container.wait({ condition: 'not-running' });
    await this.#container.kill({ signal: 'SIGKILL' });
    await gone;
  }

  /** `empty` creates a new container, so that no data of the old one can remain. */
  async restart(empty: boolean): Promise<void> {
    if (this.#state !== 'stopped')
      throw new PartStateError(this.#options.launch.part, 'be started again', this.#state);
    if (empty) {
      await remove(this.#container);
      this.#container = await runContainer(this.#options, this.ports);
    } else {
      await this.#container.start();
    }
    await this.#becomeReady();
  }

  async pause(): Promise<void> {
    await this.#requireRunning('be paused');
    await this.#container.pause();
    this.#state = 'paused';
  }

  async resume(): Promise<void> {
    if (this.#state !== 'paused')
      throw new PartStateError(this.#options.launch.part, 'be resumed', this.#state);
    await this.#container.unpause();
    this.#state = 'running';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = 'stopped';
    await remove(this.#container);
  }

  async #requireRunning(asked: string): Promise<void> {
    if (this.#state !== 'running') throw new PartStateError(this.#options.launch.part, asked, this.#state);
  }

  async #becomeReady(): Promise<void> {
    const { launch, clock, signal } = this.#options;
    this.#state = 'running';
    this.#starts += 1;
    this.#ended = undefined;
    await this.#follow(this.#starts);
    try {
      await untilReady({
        what: `the container of ${launch.part}`,
        deadlineMs: readyDeadlineMs,
        clock,
        signal,
        ask: () => launch.ask(this.ports),
        gaveUp: () => this.#ended,
      });
    } catch (error) {
      this.#state = 'stopped';
      await remove(this.#container);
      throw error;
    }
  }

  /** Takes its output down, and notices its end. */
  async #follow(start: number): Promise<void> {
    const { client, logFile, clock, launch, onUnexpectedExit } = this.#options;
    const sinceSeconds = start === 1 ? 0 : Math.floor(clock.nowMs() / 1_000);
    const output = await client.container.logs(this.#container, { since: sinceSeconds, follow: true });
    const file = createWriteStream(logFile, { flags: 'a' });
    // A log that cannot be written must not end a run.
    for (const stream of [output, file]) stream.on('error', () => undefined);
    output.pipe(file);
    const isReady = () => this.#state !== 'stopped';
    void this.#container.wait({ condition: 'not-running' }).then(
      ({ StatusCode: status }: { StatusCode: number }) => {
        if (start !== this.#starts || !isReady()) return;
        this.#ended = `ended with status ${status}`;
        onUnexpectedExit({ part: launch.part, detail: `its container ended with status ${status}` });
      },
      // The engine itself is gone: every other call says so.
      () => undefined,
    );
  }
}

async function runContainer(options: ContainerPartOptions, ports: HostPorts): Promise<Container> {
  options.signal.throwIfAborted();
  return options.client.container.getById(await options.launch.run(ports));
}

/** With its volumes; fine when it is gone already. */
async function remove(container: Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (!isGone(error)) throw new StackFailed('a container could not be removed', { cause: error });
  }
}

/** 404: it is not there; 409: its removal is under way. */
function isGone(error: unknown): boolean {
  return (
    error instanceof Error && 'statusCode' in error && (error.statusCode === 404 || error.statusCode === 409)
  );
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && /port is already allocated|address already in use/i.test(error.message);
}
