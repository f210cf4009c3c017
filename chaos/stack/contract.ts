/** What a stack provider promises: endpoints, the ways in which a part can be broken, and guaranteed disposal. */
export type StackPart = 'redis' | 'mongo' | 'toxiproxy';

/** What can be done to a part of the stack itself, beside faults in the network between. */
export type Capability =
  | 'redis-kill'
  | 'redis-restart'
  | 'redis-restart-empty'
  | 'redis-pause'
  // Its configuration and its role may be changed.
  | 'redis-configure'
  | 'mongo-kill'
  | 'mongo-restart'
  | 'mongo-pause'
  | 'mongo-step-down'
  // The member that the target is connected to can be cut from the others of its replica set.
  | 'mongo-partition'
  // Toxiproxy is the embedded one, with what it can do beyond the original.
  | 'toxiproxy-extensions';

/** `version` as the part reports it; `kind` tells figures of different implementations apart. */
export interface PartDescription {
  readonly kind: 'real' | 'embedded' | 'external';
  readonly program: string;
  readonly version: string;
}

/** URIs: `direct` for the harness's own reads, `proxied` (through Toxiproxy) for the target. */
export interface StackEndpoints {
  readonly redis: { readonly direct: string; readonly proxied: string };
  readonly mongo: {
    readonly direct: string;
    readonly proxied: string;
    /** Members of the replica set that the target is not connected to. */
    readonly others?: readonly string[];
  };
  readonly toxiproxyApi: string;
  /** Names of the Toxiproxy proxies in front of each part. */
  readonly proxyNames: { readonly redis: string; readonly mongo: string };
}

/** Why a provider can or cannot be used here; `remedy` says what to do about it. */
export type Availability =
  | { readonly available: true }
  | { readonly available: false; readonly reason: string; readonly remedy: string };

export interface StackOptions {
  /** Folder for data and logs of this stack; made by the caller, who also removes it. */
  readonly folder: string;
  /** Takes the logs of servers that are processes here, so that they are there when one does not start; `folder` without it. */
  readonly logFolder?: string;
  readonly seed: string;
  readonly signal: AbortSignal;
}

export interface StackProvider {
  readonly name: 'local' | 'docker' | 'external';
  /** What its stacks can do at most, as far as that is known before one is started. */
  readonly offers: ReadonlySet<Capability>;
  probe(): Promise<Availability>;
  start(options: StackOptions): Promise<Stack>;
}

/** A part ended unexpectedly: this is a failure of the harness, not of the target. */
export interface UnexpectedExit {
  readonly part: StackPart;
  readonly detail: string;
}

export interface Stack extends AsyncDisposable {
  readonly provider: StackProvider['name'];
  readonly endpoints: StackEndpoints;
  readonly parts: Readonly<Record<StackPart, PartDescription>>;
  readonly capabilities: ReadonlySet<Capability>;
  /** Log file of each part, for the report. */
  readonly logs: Readonly<Partial<Record<StackPart, string>>>;
  /**
   * Makes Redis and the MongoDB database of this name empty for a cell. A stack that is not the harness's own loses only what the
   * harness made there itself; throws `ForeignData` when anything else stands in the way.
   */
  empty(databaseName: string): Promise<void>;
  /** SIGKILL; resolves when the part has ended. */
  kill(part: 'redis' | 'mongo'): Promise<void>;
  /** Starts a killed part again on the same port; resolves when it answers. `empty` discards its data first. */
  restart(part: 'redis' | 'mongo', options?: { readonly empty?: boolean }): Promise<void>;
  pause(part: 'redis' | 'mongo'): Promise<void>;
  resume(part: 'redis' | 'mongo'): Promise<void>;
  stepDown(): Promise<void>;
  /** Cuts the member that the target is connected to from the others; clients can still reach it. */
  partition(): Promise<void>;
  /** Lets it reach the others again; safe to call again. */
  rejoin(): Promise<void>;
  unexpectedExits(): readonly UnexpectedExit[];
}
