/** The module `k6`. */
import { InterruptError, UnsupportedError } from '../errors.ts';
import { callingContext, iterationContext } from '../engine/script-context.ts';
import { seededRandom } from '../random.ts';

function check(value: unknown, sets: unknown, extraTags?: unknown): boolean {
  const context = iterationContext('check()');
  if (typeof sets !== 'object' || sets === null)
    throw new TypeError('check() needs an object of named checks');
  const { clock, registry, samples, systemTags } = context.run;
  const nowMs = clock.nowMs();
  const more = extraTags === undefined || extraTags === null ? undefined : Object.entries(extraTags);
  let held = true;
  for (const [name, test] of Object.entries(sets)) {
    const outcome: unknown = typeof test === 'function' ? test(value) : test;
    const passed = Boolean(outcome);
    const count = context.group.check(name);
    if (passed) count.passes += 1;
    else count.fails += 1;
    held &&= passed;
    const tags: Record<string, string> = { ...context.tags };
    if (systemTags.has('check')) tags['check'] = name;
    for (const [tag, text] of more ?? []) tags[tag] = String(text);
    samples.emit(registry.builtin.checks, passed ? 1 : 0, tags, nowMs);
  }
  return held;
}

function group(name: unknown, body: unknown): unknown {
  const context = iterationContext('group()');
  if (typeof body !== 'function') throw new TypeError('group() requires a callback as a second argument');
  if (isAsync(body)) throw new TypeError('group() does not support async functions as arguments');
  const { clock, registry, samples } = context.run;
  const outer = context.group;
  context.group = outer.group(String(name));
  context.forgetTags();
  const startedMs = clock.monotonicMs();
  try {
    const result: unknown = body();
    return result;
  } finally {
    samples.emit(
      registry.builtin.groupDuration,
      clock.monotonicMs() - startedMs,
      context.tags,
      clock.nowMs(),
    );
    context.group = outer;
    context.forgetTags();
  }
}

function isAsync(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object AsyncFunction]';
}

function fail(message?: unknown): never {
  callingContext('fail()');
  throw new Error(message === undefined ? '' : String(message));
}

function sleep(): never {
  const context = iterationContext('sleep()');
  if (context.interrupted) throw new InterruptError('the iteration was interrupted');
  throw new UnsupportedError(
    'sleep() would stop all VUs and',
    'write `await new Promise((resolve) => setTimeout(resolve, milliseconds))`, which works on k6 as well',
  );
}

function randomSeed(seed: unknown): void {
  callingContext('randomSeed()').vu.random = seededRandom(String(seed));
}

const k6 = { check, fail, group, randomSeed, sleep };

export const k6Module = { ...k6, default: k6 };
