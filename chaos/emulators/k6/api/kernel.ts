/**
 * The part of the runtime that lives in the realm of a script: it knows which call of the script is under way, and turns what the
 * host does into values, promises and errors of that realm. All modules that scripts import are built on it.
 */
import { seededRandom } from '../../../random.ts';
import type { Random } from '../../../random.ts';
import { Suspended, wasLost } from './suspended.ts';
import type { CallFacts, Host, OperationName, Operations, Started, StartedEvents, Tags } from './host.ts';

/** What k6 throws: an error with a name of its own. */
export class GoError extends Error {
  override readonly name = 'GoError';
}

/** Thrown by every call of a script whose time is up. */
export class InterruptError extends Error {
  override readonly name = 'InterruptError';
}

/** One call of a function of the script, with all that it leaves under way. */
export class Call {
  readonly facts: CallFacts;
  readonly #open = new Set<() => void>();
  #onIdle: (() => void) | undefined;
  interrupted = false;
  onInterrupt: (() => void) | undefined;
  /** An exception of a timer or an event ends the call as one of its own would. */
  onError: ((error: unknown) => void) | undefined;

  constructor(facts: CallFacts) {
    this.facts = facts;
  }

  /** The call lasts until `close` is called with the same function; `cancel` is called when it is interrupted. */
  open(cancel: () => void): void {
    this.#open.add(cancel);
  }

  close(cancel: () => void): void {
    if (this.#open.delete(cancel) && this.#open.size === 0) this.#onIdle?.();
  }

  /** Resolves when nothing is under way; undefined when that is so already. */
  idle(): Promise<void> | undefined {
    if (this.#open.size === 0) return undefined;
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Ends what is under way. Promises of the script stay open for good, so none of its code runs again. */
  interrupt(): void {
    if (this.interrupted) return;
    this.interrupted = true;
    const cancels = [...this.#open];
    this.#open.clear();
    for (const cancel of cancels) cancel();
    this.onInterrupt?.();
  }
}

const noTags: Tags = { __proto__: null } as unknown as Tags;

export class Kernel {
  readonly host: Host;
  /** Undefined while modules are loaded. */
  call: Call | undefined;
  /** Of every sample that the script makes now. Replaced, never changed. */
  tags: Tags = noTags;
  metadata: Tags = noTags;
  group = '';
  /** The URL of the module whose top-level code runs. */
  loading = '';
  /** What `Math.random` draws from; undefined for the engine's own. */
  random: Random | undefined;
  /** Gives the exports of another module of the runtime, which is loaded when it is first asked for. */
  readonly load: (name: string) => Readonly<Record<string, unknown>>;
  #activation = -1;
  #environment: Record<string, string> | undefined;

  constructor(host: Host, load: Kernel['load']) {
    this.host = host;
    this.load = load;
    if (host.seed !== undefined) this.random = seededRandom(host.seed);
  }

  seedRandom(seed: string): void {
    this.random = seededRandom(seed);
  }

  /** The script's own copy, which it may write to. */
  environment(): Record<string, string> {
    this.#environment ??= { ...(this.call?.facts.environment ?? this.host.environment) };
    return this.#environment;
  }

  setEnvironment(value: Record<string, string>): void {
    this.#environment = value;
  }

  throwsOnFailure(): boolean {
    return this.call?.facts.throwsOnFailure === true;
  }

  enter(facts: CallFacts): Call {
    if (facts.activation !== this.#activation) {
      this.#activation = facts.activation;
      this.tags = facts.baseTags;
      this.metadata = noTags;
      this.#environment = undefined;
    }
    if (facts.tagsIteration) this.setTag('iter', String(facts.iteration));
    this.call = new Call(facts);
    this.group = facts.group;
    return this.call;
  }

  /** Throws when the iteration that calls is over, or has gone on where it should have waited. */
  running(): void {
    this.refuseLostCall();
    if (this.call?.interrupted === true) throw new InterruptError('the iteration was interrupted');
  }

  /** The call under way. Throws `refusal` while modules are loaded. */
  inCall(refusal: string): Call {
    this.running();
    if (this.call === undefined) throw new GoError(refusal);
    return this.call;
  }

  /** Sets a tag for all samples from now on, or takes it away. */
  setTag(name: string, value: string | undefined): void {
    this.tags = changed(this.tags, name, value);
  }

  setMetadata(name: string, value: string | undefined): void {
    this.metadata = changed(this.metadata, name, value);
  }

  sample(metric: string, value: number, tags: Tags, timeMs: number = this.host.local.nowMs()): void {
    this.host.tell.sample(metric, value, tags, timeMs);
  }

  warn(message: string): void {
    this.host.tell.log('warning', message);
  }

  refuseLostCall(): void {
    if (!wasLost()) return;
    this.unsupported(
      'a call that blocks, made where its VU cannot be switched (a function that the language itself calls, such as that of sort())',
      'make the call before, or put REDCLIFF_K6_WAITING=thread into the environment to give each VU a thread of its own',
    );
  }

  /** Ends the run, since going on would measure something else than the script says. */
  unsupported(feature: string, instead: string): never {
    const message = `${feature} is not supported by the built-in runtime: ${instead}`;
    this.host.tell.unsupported(message);
    this.call?.interrupt();
    throw new InterruptError(message);
  }

  /** Starts an operation; the call under way lasts until it has ended. */
  start<Name extends OperationName>(
    name: Name,
    args: Operations[Name]['args'],
    events: StartedEvents<Name>,
  ): Started<Name> {
    const { call } = this;
    /** What comes after an interruption is for nothing that runs. */
    const isWanted = (): boolean => call?.interrupted !== true;
    const started = this.host.start(name, args, {
      ...events,
      done: (value) => {
        if (isWanted()) events.done(value);
        call?.close(cancel);
      },
      event: (event) => {
        if (isWanted()) events.event?.(event);
      },
      failed: (failure) => {
        if (isWanted()) events.failed(failure);
        call?.close(cancel);
      },
    });
    const cancel = (): void => started.cancel();
    call?.open(cancel);
    return started;
  }

  promise<Name extends OperationName, Result>(
    name: Name,
    args: Operations[Name]['args'],
    map: (value: Operations[Name]['value']) => Result,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.start(name, args, {
        done: (value) => {
          try {
            resolve(map(value));
          } catch (error) {
            reject(error);
          }
        },
        failed: ({ message }) => reject(new GoError(message)),
      });
    });
  }

  /** A promise of this realm for one of Node's; the call under way lasts until it is settled. */
  follow<Value, Result>(
    begin: () => Promise<Value>,
    map: (value: Value) => Result,
    mapError: (error: unknown) => unknown,
  ): Promise<Result> {
    const { call } = this;
    return new Promise((resolve, reject) => {
      const cancel = (): void => undefined;
      call?.open(cancel);
      const settle = (act: () => void): void => {
        if (call?.interrupted === true) return;
        try {
          act();
        } catch (error) {
          reject(error);
        }
        call?.close(cancel);
      };
      begin().then(
        (value) => settle(() => resolve(map(value))),
        (error: unknown) => settle(() => reject(mapError(error))),
      );
    });
  }

  /** Gives the value itself, as far as the script can tell: its VU stands still until there is one. */
  block<Name extends OperationName, Result>(
    caller: string,
    name: Name,
    args: Operations[Name]['args'],
    map: (value: Operations[Name]['value']) => Result,
  ): Result {
    const { waiting } = this.host;
    switch (waiting.kind) {
      case 'none':
        return this.#refuseBlocking(caller);
      case 'switch':
        this.refuseLostCall();
        return new Suspended(this.promise(name, args, map)) as Result;
      case 'thread': {
        const outcome = waiting.wait(name, args);
        this.running();
        if (!outcome.ok) throw new GoError(outcome.message);
        return map(outcome.value);
      }
    }
  }

  /** As `block`, for what goes on with events: `begin` is handed what to call when it is over. */
  blockUntil<Result>(caller: string, begin: (finish: Finish<Result>) => void): Result {
    const { waiting } = this.host;
    switch (waiting.kind) {
      case 'none':
        return this.#refuseBlocking(caller);
      case 'switch':
        this.refuseLostCall();
        return new Suspended(
          new Promise((resolve, reject) => {
            begin((outcome) => {
              try {
                resolve(outcome());
              } catch (error) {
                reject(error);
              }
            });
          }),
        ) as Result;
      case 'thread': {
        let outcome: (() => Result) | undefined;
        begin((found) => (outcome = found));
        waiting.waitUntil(() => outcome !== undefined);
        this.running();
        if (outcome === undefined) throw new InterruptError('the iteration was interrupted');
        return outcome();
      }
    }
  }

  #refuseBlocking(caller: string): never {
    return this.unsupported(
      `${caller} in a script that was taken for one without blocking calls`,
      'call it by its own name, as in http.get(url), so that it is seen',
    );
  }
}

/** Takes what gives the value, or throws instead. */
export type Finish<Result> = (outcome: () => Result) => void;

/** Names such as `__proto__` are names like any other: the object has no prototype, and nothing is assigned. */
function changed(tags: Tags, name: string, value: string | undefined): Tags {
  const others = Object.entries(tags).filter(([other]) => other !== name);
  const entries = value === undefined ? others : [...others, [name, value] as const];
  return Object.assign(Object.create(null), Object.fromEntries(entries)) as Tags;
}
