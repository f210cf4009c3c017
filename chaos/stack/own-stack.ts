/** A running stack of the harness's own, of processes or of containers, and what can be done to its servers. */
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
import { stepDownPrimary } from './step-down.ts';

/** One server of it. */
export interface OwnPart {
  kill(): Promise<void>;
  /** `empty` discards its data first. */
  restart(empty: boolean): Promise<void>;
  pause(): Promise<void> | void;
  resume(): Promise<void> | void;
}

/** By which the members of a replica set reach each other; the target does not use it. */
export interface MemberNetwork {
  leave(): Promise<void>;
  join(): Promise<void>;
}

export interface OwnStackParts {
  readonly provider: 'docker' | 'local';
  readonly endpoints: StackEndpoints;
  readonly parts: Readonly<Record<StackPart, PartDescription>>;
  readonly logs: Readonly<Record<StackPart, string>>;
  /** Grows while the stack runs. */
  readonly exits: readonly UnexpectedExit[];
  readonly redis: OwnPart;
  /** The member that the system talks to. */
  readonly mongo: OwnPart;
  readonly canStepDown: boolean;
  /** How that member is cut from the others, where there are others. */
  readonly memberNetwork?: MemberNetwork;
  readonly owned: AsyncDisposableStack;
}

/** Of every such stack; stepping down depends on the MongoDB, what Toxiproxy can do on whether it is the embedded one. */
export const ownCapabilities: readonly Capability[] = [
  'redis-kill',
  'redis-restart',
  'redis-restart-empty',
  'redis-pause',
  'redis-configure',
  'mongo-kill',
  'mongo-restart',
  'mongo-pause',
];

const membersHint = 'use --stack docker --mongo-members 3, or omit the fault that needs it';

export class OwnStack implements Stack {
  readonly provider: OwnStackParts['provider'];
  readonly capabilities: ReadonlySet<Capability>;
  readonly endpoints: StackEndpoints;
  readonly parts: Readonly<Record<StackPart, PartDescription>>;
  readonly logs: Readonly<Record<StackPart, string>>;
  readonly #own: OwnStackParts;

  constructor(own: OwnStackParts) {
    this.provider = own.provider;
    this.endpoints = own.endpoints;
    this.parts = own.parts;
    this.logs = own.logs;
    this.capabilities = new Set<Capability>([
      ...ownCapabilities,
      ...(own.canStepDown ? (['mongo-step-down'] as const) : []),
      ...(own.memberNetwork === undefined ? [] : (['mongo-partition'] as const)),
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
    await this.#own[part].pause();
  }

  async resume(part: 'redis' | 'mongo'): Promise<void> {
    await this.#own[part].resume();
  }

  async stepDown(): Promise<void> {
    if (!this.capabilities.has('mongo-step-down')) {
      throw new CapabilityMissing(this.provider, 'make the primary step down');
    }
    await stepDownPrimary(this.endpoints.mongo.direct);
  }

  async partition(): Promise<void> {
    await this.#memberNetwork.leave();
  }

  async rejoin(): Promise<void> {
    await this.#memberNetwork.join();
  }

  get #memberNetwork(): MemberNetwork {
    const { memberNetwork } = this.#own;
    if (memberNetwork !== undefined) return memberNetwork;
    throw new CapabilityMissing(this.provider, 'cut the primary from other members', membersHint);
  }

  unexpectedExits(): readonly UnexpectedExit[] {
    return this.#own.exits;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#own.owned.disposeAsync();
  }
}
