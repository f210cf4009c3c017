/** The module `k6/execution`: what a script may know of the run it is part of, and how it ends it. */
import type { ScenarioFacts, Tags } from './host.ts';
import { GoError, InterruptError } from './kernel.ts';
import type { Call, Kernel } from './kernel.ts';
import { tagText } from './tags.ts';

export function create(kernel: Kernel): Record<string, unknown> {
  const parts = {
    instance: (): object => {
      calling(kernel, 'instance');
      return instanceInfo(kernel);
    },
    scenario: (): object => {
      kernel.inCall(outsideOfVu);
      return scenarioInfo(kernel);
    },
    test: (): object => testInfo(kernel),
    vu: (): object => {
      calling(kernel, 'VU');
      return vuInfo(kernel);
    },
  };
  // Imported by name they are computed where they are read, too.
  return Object.defineProperty(lazily(parts), 'default', { enumerable: true, value: lazily(parts) });
}

const outsideOfVu = 'getting scenario information outside of the VU context is not supported';

function calling(kernel: Kernel, part: string): Call {
  return kernel.inCall(`getting ${part} information in the init context is not supported`);
}

/** An object whose properties are computed when they are read. */
function lazily(getters: Readonly<Record<string, () => unknown>>): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [name, get] of Object.entries(getters))
    Object.defineProperty(made, name, { enumerable: true, get });
  return made;
}

function scenarioInfo(kernel: Kernel): object {
  const running = (): ScenarioFacts => {
    const { scenario } = kernel.inCall(outsideOfVu).facts;
    if (scenario === undefined) throw new GoError(outsideOfVu);
    return scenario;
  };
  return lazily({
    executor: () => running().executor,
    iterationInInstance: () => iterationInTest(kernel),
    iterationInTest: () => iterationInTest(kernel),
    name: () => running().name,
    progress: () => running() && kernel.host.ask.progress(),
    startTime: () => running().startTimeMs,
  });
}

function iterationInTest(kernel: Kernel): number {
  const { iterationInTest: index, scenario } = kernel.inCall(outsideOfVu).facts;
  if (scenario === undefined) throw new GoError(outsideOfVu);
  return index;
}

function instanceInfo(kernel: Kernel): object {
  const facts = () => {
    calling(kernel, 'instance');
    return kernel.host.ask.instance();
  };
  return lazily({
    currentTestRunDuration: () => facts().currentTestRunDuration,
    iterationsCompleted: () => facts().iterationsCompleted,
    iterationsInterrupted: () => facts().iterationsInterrupted,
    vusActive: () => facts().vusActive,
    vusInitialized: () => facts().vusInitialized,
  });
}

function vuInfo(kernel: Kernel): object {
  const facts = () => calling(kernel, 'VU').facts;
  const tags = labels(
    () => kernel.tags,
    (name, value) => kernel.setTag(name, value),
    'tag',
  );
  const metadata = labels(
    () => kernel.metadata,
    (name, value) => kernel.setMetadata(name, value),
    'metadata',
  );
  return Object.defineProperties(
    lazily({
      idInInstance: () => kernel.host.vu,
      idInTest: () => kernel.host.vu,
      iterationInInstance: () => facts().iteration,
      iterationInScenario: () => facts().iterationInScenario,
    }),
    {
      metrics: { enumerable: true, value: lazily({ metadata: () => metadata, tags: () => tags }) },
      tags: { enumerable: true, value: tags },
    },
  );
}

/** Reads and writes what goes with every later sample of the VU. */
function labels(
  read: () => Tags,
  write: (name: string, value: string | undefined) => void,
  what: 'metadata' | 'tag',
): object {
  return new Proxy(
    {},
    {
      deleteProperty: (_target, name) => {
        write(String(name), undefined);
        return true;
      },
      get: (target, name, receiver) =>
        typeof name === 'string' && Object.hasOwn(read(), name)
          ? read()[name]
          : (Reflect.get(target, name, receiver) as unknown),
      getOwnPropertyDescriptor: (_target, name) =>
        typeof name === 'string' && Object.hasOwn(read(), name)
          ? { configurable: true, enumerable: true, value: read()[name], writable: true }
          : undefined,
      has: (_target, name) => typeof name === 'string' && Object.hasOwn(read(), name),
      ownKeys: () => Object.keys(read()),
      set: (_target, name, value: unknown) => {
        let text: string;
        try {
          text = tagText(String(name), value, what);
        } catch (error) {
          throw new TypeError(error instanceof Error ? error.message : '');
        }
        write(String(name), text);
        return true;
      },
    },
  );
}

function testInfo(kernel: Kernel): object {
  let options: unknown;
  return lazily({
    abort: () => (message?: unknown) => abort(kernel, message),
    fail: () => (message?: unknown) => {
      kernel.inCall('execution.test.fail() called outside of VU context');
      kernel.host.tell.markFailed(withReason('test marked as failed', message));
    },
    options: () => {
      kernel.inCall('getting test options in the init context is not supported');
      options ??= frozen(JSON.parse(kernel.host.ask.options()));
      return options;
    },
  });
}

/** Nothing of the iteration runs after it, whatever the script catches. */
function abort(kernel: Kernel, message: unknown): never {
  kernel.running();
  const reason = withReason('test aborted', message);
  kernel.host.tell.abort(reason);
  kernel.call?.interrupt();
  throw new InterruptError(reason);
}

function withReason(what: string, message: unknown): string {
  return message === undefined || message === null ? what : `${what}: ${String(message)}`;
}

function frozen(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) frozen(inner);
    Object.freeze(value);
  }
  return value;
}
