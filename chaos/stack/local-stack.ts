/** A running local stack, and what can be done to its servers. */
import type {
  Capability,
  PartDescription,
  Stack,
  StackEndpoints,
  StackPart,
  UnexpectedExit,
} from './contract.ts';
import { CapabilityMissing } from './errors.ts';
import { emptyOwnStack } from './own-data.ts';
import type { PartServer } from './part-server.ts';
import { stepDownPrimary } from './step-down.ts';

export interface LocalStackParts {
  readonly endpoints: StackEndpoints;
  readonly parts: Readonly<Record<StackPart, PartDescription>>;
  readonly logs: Readonly<Record<StackPart, string>>;
  /** Grows while the stack runs. */
  readonly exits: readonly UnexpectedExit[];
  readonly redis: PartServer;
  readonly mongo: PartServer;
  readonly canStepDown: boolean;
  readonly owned: AsyncDisposableStack;
}

/** Of every local stack; stepping down depends on the MongoDB, what Toxiproxy can do on whether it is the embedded one. */
export const localCapabilities: readonly Capability[] = [
  'redis-kill',
  'redis-restart',
  'redis-restart-empty',
  'redis-pause',
  'redis-configure',
  'mongo-kill',
  'mongo-restart',
  'mongo-pause',
];

export class LocalStack implements Stack {
  readonly provider = 'local';
  readonly capabilities: ReadonlySet<Capability>;
  readonly endpoints: StackEndpoints;
  readonly parts: Readonly<Record<StackPart, PartDescription>>;
  readonly logs: Readonly<Record<StackPart, string>>;
  readonly #own: LocalStackParts;

  constructor(own: LocalStackParts) {
    this.endpoints = own.endpoints;
    this.parts = own.parts;
    this.logs = own.logs;
    this.capabilities = new Set<Capability>([
      ...localCapabilities,
      ...(own.canStepDown ? (['mongo-step-down'] as const) : []),
      ...(own.parts.toxiproxy.kind === 'embedded' ? (['toxiproxy-extensions'] as const) : []),
    ]);
    this.#own = own;
  }

  async empty(databaseName: string): Promise<void> {
    await emptyOwnStack(this.endpoints, databaseName);
  }

  async kill(part: 'redis' | 'mongo'): Promise<void> {
    await this.#own[part].kill();
  }

  async restart(part: 'redis' | 'mongo', options: { readonly empty?: boolean } = {}): Promise<void> {
    await this.#own[part].restart(options.empty === true);
  }

  async pause(part: 'redis' | 'mongo'): Promise<void> {
    this.#own[part].pause();
  }

  async resume(part: 'redis' | 'mongo'): Promise<void> {
    this.#own[part].resume();
  }

  async stepDown(): Promise<void> {
    if (!this.capabilities.has('mongo-step-down')) {
      throw new CapabilityMissing(this.provider, 'make the primary step down');
    }
    await stepDownPrimary(this.endpoints.mongo.direct);
  }

  unexpectedExits(): readonly UnexpectedExit[] {
    return this.#own.exits;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#own.owned.disposeAsync();
  }
}
