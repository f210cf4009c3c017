/** The module `k6`. */
import type { Tags } from './host.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { released, Suspended } from './suspended.ts';
import { withTags } from './tags.ts';

const asyncCheck =
  'the built-in check() does not support async functions as arguments. ' +
  'Use the JavaScript utils library as a replacement. ' +
  'Refer to https://grafana.com/docs/k6/latest/javascript-api/jslib/utils/check/ for more info';

const asyncGroup =
  'group() does not support async functions as arguments: ' +
  'call the function inside the group without await, or tag its requests with { tags: { group: "::name" } }, ' +
  'please see https://grafana.com/docs/k6/latest/javascript-api/k6/group/ for more info';

export function create(kernel: Kernel): Record<string, unknown> {
  const exports = {
    check: (value: unknown, sets: unknown, extraTags?: unknown) => check(kernel, value, sets, extraTags),
    fail: (message?: unknown): never => {
      throw new GoError(message === undefined ? '' : String(message));
    },
    group: (name: unknown, body: unknown) => group(kernel, String(name), body),
    randomSeed: (seed: unknown) => kernel.seedRandom(String(seed)),
    sleep: (seconds: unknown) => sleep(kernel, seconds),
  };
  return { ...exports, default: exports };
}

function check(kernel: Kernel, value: unknown, sets: unknown, extraTags: unknown): unknown {
  kernel.inCall('Using check() in the init context is not supported');
  if (sets === undefined || sets === null) throw new GoError('no checks provided to `check`');
  const checking: Checking = {
    held: true,
    kernel,
    tags: withTags(kernel.tags, extraTags),
    timeMs: kernel.host.local.nowMs(),
    value,
  };
  return checkFrom(checking, Object.entries(Object(sets)), 0);
}

interface Checking {
  readonly kernel: Kernel;
  readonly value: unknown;
  readonly tags: Tags;
  readonly timeMs: number;
  held: boolean;
}

/** A check that waits is followed by the rest when it has its answer. */
function checkFrom(
  checking: Checking,
  entries: readonly (readonly [string, unknown])[],
  from: number,
): unknown {
  for (let index = from; index < entries.length; index += 1) {
    const [name, test] = entries[index] ?? ['', undefined];
    assertPlainName(name);
    if (isAsyncFunction(test)) throw new GoError(asyncCheck);
    let outcome: unknown = test;
    if (typeof test === 'function') {
      try {
        outcome = test.call(undefined, checking.value);
      } catch (error) {
        count(checking, name, false);
        throw error;
      }
    }
    if (outcome instanceof Suspended) {
      return new Suspended(
        outcome.take().then(
          (late) => {
            settle(checking, name, late);
            return released(checkFrom(checking, entries, index + 1));
          },
          (error: unknown) => {
            count(checking, name, false);
            throw error;
          },
        ),
      );
    }
    settle(checking, name, outcome);
  }
  return checking.held;
}

/** A promise is true whatever it comes to, so a check that gives one could never fail. */
function settle(checking: Checking, name: string, outcome: unknown): void {
  if (outcome instanceof Promise) {
    count(checking, name, false);
    throw new GoError(asyncCheck);
  }
  count(checking, name, Boolean(outcome));
}

function count(checking: Checking, name: string, passed: boolean): void {
  const { kernel, tags, timeMs } = checking;
  if (!passed) checking.held = false;
  kernel.host.tell.check(kernel.group, name, passed, tags, timeMs);
}

function group(kernel: Kernel, name: string, body: unknown): unknown {
  kernel.inCall('Using group() in the init context is not supported');
  if (typeof body !== 'function') throw new GoError('group() requires a callback as a second argument');
  if (isAsyncFunction(body)) throw new GoError(asyncGroup);
  assertPlainName(name);
  const outerGroup = kernel.group;
  const outerTag = kernel.tags['group'];
  kernel.group = `${outerGroup}::${name}`;
  kernel.host.tell.group(kernel.group);
  if (outerTag !== undefined) kernel.setTag('group', kernel.group);
  const startedMs = kernel.host.local.monotonicMs();
  const leave = (): void => {
    kernel.sample('group_duration', kernel.host.local.monotonicMs() - startedMs, kernel.tags);
    kernel.group = outerGroup;
    if (outerTag !== undefined) kernel.setTag('group', outerTag);
  };
  let result: unknown;
  try {
    result = body.call(undefined);
  } catch (error) {
    leave();
    throw error;
  }
  if (result instanceof Suspended) return new Suspended(result.take().finally(leave));
  leave();
  return result;
}

function sleep(kernel: Kernel, seconds: unknown): unknown {
  kernel.running();
  const durationMs = Math.max(Number.parseFloat(String(seconds)) * 1000 || 0, 0);
  return kernel.block('sleep()', 'sleep', [durationMs], () => undefined);
}

function isAsyncFunction(value: unknown): boolean {
  return typeof value === 'function' && value.constructor.name === 'AsyncFunction';
}

function assertPlainName(name: string): void {
  if (name.includes('::')) throw new GoError("group and check names may not contain '::'");
}
