/** The first module in the realm of a script: sets up what all others need, and calls what the script exports. */
import { callFunction } from './call-function.ts';
import type { CallEnd } from './call-function.ts';
import { describeError } from './describe-error.ts';
import { createGlobals, installGlobals } from './globals.ts';
import type { Body, CallFacts, ErrorFacts, Host } from './host.ts';
import { engineRandom } from '../random.ts';
import { GoError, Kernel } from './kernel.ts';
import { switching } from './switching.ts';

export { fitRealm, freezeModule, freezeRealm } from './k6-engine.ts';

/** What the run does with a script, seen from its realm. Nothing but plain data goes in and comes out. */
export interface Guest {
  readonly kernel: Kernel;
  /** What is the VU's own of the globals. */
  readonly globals: object;
  random(): number;
  /** For code that was rewritten to wait. */
  readonly switching: object;
  /** The prototype of the promises of this realm, by which they are told from those of others. */
  readonly promisePrototype: object;
  describeError(error: unknown): ErrorFacts;
  /** Says which module's top-level code begins, and gives the one before. */
  loading(url: string): string;
  optionsJson(options: unknown): string | undefined;
  /** `json` of the argument; undefined calls with undefined. */
  call(body: Function, json: string | undefined, facts: CallFacts): Promise<CallEnd>;
  /** The same argument for every call, made anew only for each realm. */
  callWithSetupData(body: Function, json: string | undefined, facts: CallFacts): Promise<CallEnd>;
  setupJson(value: unknown): string | undefined;
  summaryFiles(value: unknown): readonly (readonly [string, Body])[] | undefined;
}

export interface RealmServices {
  /** Several VUs run in this realm. */
  readonly isShared: boolean;
  load: Kernel['load'];
  require(specifier: unknown): unknown;
}

export function createGuest(host: Host, services: RealmServices): Guest {
  const kernel = new Kernel(host, (name) => {
    const { create } = services.load(name);
    if (typeof create !== 'function')
      throw new TypeError(`the module ${name} of the runtime has no create()`);
    return create(kernel) as Readonly<Record<string, unknown>>;
  });
  const globals = services.isShared
    ? createGlobals(kernel, services.require)
    : installGlobals(kernel, services.require);
  let setupData: { readonly value: unknown } | undefined;
  const parse = (json: string | undefined): unknown => (json === undefined ? undefined : JSON.parse(json));
  return {
    call: (body, json, facts) => callFunction(kernel, body, [parse(json)], facts),
    callWithSetupData: (body, json, facts) => {
      setupData ??= { value: parse(json) };
      return callFunction(kernel, body, [setupData.value], facts);
    },
    describeError,
    globals,
    kernel,
    loading: (url) => {
      const before = kernel.loading;
      kernel.loading = url;
      return before;
    },
    optionsJson: (options) => JSON.stringify(options),
    promisePrototype: Promise.prototype,
    random: services.isShared ? () => kernel.random?.next() ?? engineRandom() : engineRandom,
    setupJson,
    summaryFiles,
    switching,
  };
}

/** As Go encodes it: what JSON has no number for is an error, what is undefined is null. */
function setupJson(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'number' && !Number.isFinite(inner)) {
      const text = Number.isNaN(inner) ? 'NaN' : inner > 0 ? '+Inf' : '-Inf';
      throw new GoError(`error marshaling setup() data to JSON: json: unsupported value: ${text}`);
    }
    if (typeof inner === 'function') {
      throw new GoError('error marshaling setup() data to JSON: json: unsupported type: func');
    }
    return inner === undefined ? null : inner;
  });
}

function summaryFiles(value: unknown): readonly (readonly [string, Body])[] | undefined {
  if (value === undefined || value === null) return undefined;
  return Object.entries(Object(value)).map(([target, content]) => [
    target,
    content instanceof ArrayBuffer ? content : String(content),
  ]);
}
