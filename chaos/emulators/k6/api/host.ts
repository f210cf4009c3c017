/**
 * What a script's realm asks of the run. Only plain data crosses, so that a script can run in the thread of the run or in one of
 * its own. What is told has no answer, what is asked has one at once, what is started tells of its end later.
 */
import type { HtmlTools } from './html-tools.ts';
import type {
  GrpcCallSpec,
  GrpcConnectSpec,
  GrpcMethod,
  GrpcResponse,
  GrpcStreamCommand,
  GrpcStreamEvent,
} from './grpc-facts.ts';
import type { Body, Handle, Tags } from './plain-data.ts';
import type { StreamClasses } from './stream-classes.ts';
import type { SocketCommand, SocketEvent, SocketSpec } from './socket-facts.ts';

export type { Body, Handle, Tags };

export type Phase = 'init' | 'iteration' | 'setup' | 'summary' | 'teardown';

export type LogLevel = 'debug' | 'error' | 'info' | 'warning';

/** What is known of one call of the script when it begins. */
export interface CallFacts {
  readonly phase: Phase;
  /** Changes when the VU begins to work for another scenario: its tags and variables begin anew. */
  readonly activation: number;
  readonly baseTags: Tags;
  /** Path of the group it runs in: empty, or that of setup and teardown. */
  readonly group: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly scenario: ScenarioFacts | undefined;
  /** The option `throw`. */
  readonly throwsOnFailure: boolean;
  /** The system tag `iter` is wanted. */
  readonly tagsIteration: boolean;
  /** `__ITER`. */
  readonly iteration: number;
  readonly iterationInScenario: number;
  readonly iterationInTest: number;
}

export interface ScenarioFacts {
  readonly name: string;
  readonly executor: string;
  /** Whole milliseconds since the epoch. */
  readonly startTimeMs: number;
}

export interface InstanceFacts {
  readonly currentTestRunDuration: number;
  readonly iterationsCompleted: number;
  readonly iterationsInterrupted: number;
  readonly vusActive: number;
  readonly vusInitialized: number;
}

export type Outcome<Value> =
  | { readonly ok: false; readonly message: string }
  | { readonly ok: true; readonly value: Value };

export type FileOutcome =
  | { readonly ok: false; readonly message: string; readonly reason: 'folder' | 'missing' | 'other' }
  /** `path` is absolute. */
  | { readonly ok: true; readonly value: Uint8Array; readonly path: string };

/** An exception: without a name it was no `Error`. */
export interface ErrorFacts {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

export interface Told {
  /** A line of the runtime itself. */
  log(level: LogLevel, message: string, fields?: Readonly<Record<string, string>>): void;
  /** A line of the script's own; `isInit` for its top-level code. */
  print(level: LogLevel, message: string, isInit: boolean): void;
  sample(metric: string, value: number, tags: Tags, timeMs: number): void;
  check(group: string, name: string, passed: boolean, tags: Tags, timeMs: number): void;
  group(path: string): void;
  abort(message: string): void;
  markFailed(message: string): void;
  /** The script used what is not there: the run ends, whatever the script makes of it. */
  unsupported(message: string): void;
  uncaught(error: ErrorFacts): void;
}

export interface CookieSettings {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  /** A date by RFC 1123, or empty. */
  readonly expires: string;
  readonly maxAgeSeconds: number;
  readonly secure: boolean;
  readonly httpOnly: boolean;
}

export interface Asked {
  defineMetric(name: string, type: string, isTime: boolean): Outcome<undefined>;
  instance(): InstanceFacts;
  /** Of the scenario under way, from 0 to 1. */
  progress(): number;
  /** The options of the run as JSON. */
  options(): string;
  /** `path` as the script gives it, `base` the URL of the module that asks. */
  readFile(path: string, base: string): FileOutcome;
  /** Of a source by its name. */
  secret(source: string, key: string): Outcome<string>;
  /** The elements as JSON, when the array of this name was made before. */
  sharedArray(name: string): SharedElements | undefined;
  shareArray(name: string, elements: readonly string[]): SharedElements;
  /** `client` is a number of the VU's own, `base` the URL of the module that asks. */
  grpcLoad(
    client: number,
    importPaths: readonly string[],
    files: readonly string[],
    base: string,
  ): Outcome<readonly GrpcMethod[]>;
  /** Of a file with a serialized `FileDescriptorSet`. */
  grpcLoadDescriptorSet(client: number, path: string, base: string): Outcome<readonly GrpcMethod[]>;
  grpcHasMethod(client: number, method: string): boolean;
  grpcClose(client: number): void;
  newJar(): Handle;
  setCookie(jar: Handle | undefined, url: string, cookie: CookieSettings): Outcome<undefined>;
  clearCookies(jar: Handle | undefined, url: string): Outcome<undefined>;
  deleteCookie(jar: Handle | undefined, url: string, name: string): Outcome<undefined>;
  cookiesFor(jar: Handle | undefined, url: string): Outcome<readonly (readonly [string, string])[]>;
}

/** JSON texts one behind the other; element `n` ends at `ends[n]`. */
export interface SharedElements {
  readonly bytes: Uint8Array;
  readonly ends: Float64Array;
}

export interface StartedEvents<Name extends OperationName> {
  done(value: Operations[Name]['value']): void;
  failed(failure: Failure): void;
  /** What happens on the way. */
  event?(event: Operations[Name]['event']): void;
  /** These also come while the VU stands still in `waitUntil`. */
  readonly duringBlock?: boolean;
}

export interface Failure {
  readonly message: string;
  /** k6's `error_code`; 0 when it has none. */
  readonly code: number;
}

export interface Started<Name extends OperationName = OperationName> {
  readonly cancel: () => void;
  /** To what goes on until it is told to end. */
  readonly send?: (command: Operations[Name]['command']) => void;
}

/** How the VU of a script stands still in a call that blocks. */
export type Waiting =
  /** It never does. */
  | { readonly kind: 'none' }
  /** Its code was rewritten to wait for `Suspended` values. */
  | { readonly kind: 'switch' }
  /** Its thread does. */
  | {
      readonly kind: 'thread';
      wait<Name extends OperationName>(
        name: Name,
        args: Operations[Name]['args'],
      ): Outcome<Operations[Name]['value']>;
      /** Stands still but for what comes `duringBlock`, until `isOver` or the call is interrupted. */
      waitUntil(isOver: () => boolean): void;
    };

export type SubtleMethod =
  | 'decrypt'
  | 'deriveBits'
  | 'deriveKey'
  | 'digest'
  | 'encrypt'
  | 'exportKey'
  | 'generateKey'
  | 'importKey'
  | 'sign'
  | 'unwrapKey'
  | 'verify'
  | 'wrapKey';

/** What needs Node but nothing of the run: it is there in whichever thread the script runs. */
export interface LocalServices {
  /** Wall clock, milliseconds since the Unix epoch, with fractions. */
  nowMs(): number;
  monotonicMs(): number;
  /** Calls back once after `delayMs`; the function it gives takes that back. */
  timer(delayMs: number, callback: () => void): () => void;
  /** Lets everything else that is due run first. */
  turn(): Promise<void>;
  encodeUtf8(text: string): Uint8Array;
  decodeUtf8(bytes: Uint8Array): string;
  decodeText(
    label: string,
    bytes: Uint8Array,
    settings: { fatal: boolean; ignoreBOM: boolean },
  ): Outcome<string>;
  hash(algorithm: string, chunks: readonly Uint8Array[], key: Uint8Array | undefined): Uint8Array;
  randomBytes(count: number): Uint8Array;
  randomUuid(): string;
  html(): HtmlTools;
  streams(): StreamClasses;
  /** Takes and gives objects of Node's realm. */
  subtle(method: SubtleMethod, args: readonly unknown[]): Promise<unknown>;
}

export interface Host {
  /** `__VU` */
  readonly vu: number;
  /** The URL of the script. */
  readonly entry: string;
  /** What seeds the randomness of the script; undefined when every run may differ. */
  readonly seed: string | undefined;
  /** What `__ENV` holds while modules are loaded. */
  readonly environment: Readonly<Record<string, string>>;
  readonly waiting: Waiting;
  readonly local: LocalServices;
  readonly tell: Told;
  readonly ask: Asked;
  start<Name extends OperationName>(
    name: Name,
    args: Operations[Name]['args'],
    events: StartedEvents<Name>,
  ): Started<Name>;
}

/** How a request ends: with a response, also when nothing answered, or with an exception where the script asked for that. */
export interface Operations {
  sleep: Operation<readonly [durationMs: number], undefined>;
  request: Operation<readonly [RequestSpec], ResponseData>;
  batch: Operation<readonly [readonly RequestSpec[]], readonly ResponseData[]>;
  grpcConnect: Operation<readonly [GrpcConnectSpec], undefined>;
  /** The message is JSON. */
  grpcCall: Operation<readonly [GrpcCallSpec, string], GrpcResponse>;
  /** Lasts until the stream has ended. */
  grpcStream: Operation<readonly [GrpcCallSpec], undefined, GrpcStreamEvent, GrpcStreamCommand>;
  /** Lasts until the socket is closed. */
  socket: Operation<readonly [SocketSpec], undefined, SocketEvent, SocketCommand>;
}

interface Operation<Args, Value, Event = never, Command = never> {
  readonly args: Args;
  readonly value: Value;
  readonly event: Event;
  readonly command: Command;
}

export type OperationName = keyof Operations;

export interface RequestSpec {
  readonly method: string;
  readonly url: string;
  /** Of `http.url`. */
  readonly urlName: string | undefined;
  readonly body: RequestBody | undefined;
  readonly headers: readonly (readonly [string, string])[];
  readonly cookies: readonly RequestCookie[];
  readonly jar: Handle | undefined;
  readonly compression: string;
  /** Undefined leaves it to the options. */
  readonly redirects: number | undefined;
  readonly auth: string;
  readonly timeoutMs: number;
  readonly throws: boolean | undefined;
  readonly responseType: ResponseType | undefined;
  /** From and to, both included; null asks for no expectation. */
  readonly expected: readonly (readonly [number, number])[] | null;
  readonly tags: Tags;
}

export type RequestBody =
  | { readonly kind: 'bytes'; readonly bytes: ArrayBuffer }
  | { readonly kind: 'fields'; readonly fields: readonly (readonly [string, readonly string[]])[] }
  | { readonly kind: 'multipart'; readonly parts: readonly MultipartPart[] }
  | { readonly kind: 'text'; readonly text: string };

export interface MultipartPart {
  readonly name: string;
  readonly content: Body;
  readonly file: { readonly name: string; readonly contentType: string } | undefined;
}

export interface RequestCookie {
  readonly name: string;
  readonly value: string;
  readonly replace: boolean;
}

export type ResponseType = 'binary' | 'none' | 'text';

export interface ResponseData {
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly proto: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly ResponseCookie[];
  readonly body: Body | null;
  readonly timings: Timings;
  readonly error: string;
  readonly errorCode: number;
  readonly remoteIp: string;
  readonly remotePort: number;
  readonly tlsVersion: string;
  readonly tlsCipherSuite: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly cookies: readonly RequestCookie[];
  };
  /** Set when the script asked for an exception instead of a response that has failed. */
  readonly thrown: boolean;
}

export interface ResponseCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly maxAgeSeconds: number;
  /** Milliseconds since the epoch; Go's zero time when there is none. */
  readonly expiresMs: number;
}

export interface Timings {
  readonly duration: number;
  readonly blocked: number;
  readonly looking_up: number;
  readonly connecting: number;
  readonly tls_handshaking: number;
  readonly sending: number;
  readonly waiting: number;
  readonly receiving: number;
}
