/** Calls a function that the script exports, and waits for it and for all that it leaves under way. */
import type { CallFacts, ErrorFacts } from './host.ts';
import { describeError } from './describe-error.ts';
import { InterruptError } from './kernel.ts';
import type { Call, Kernel } from './kernel.ts';
import { released } from './suspended.ts';

export type CallEnd =
  | { readonly state: 'interrupted' }
  | { readonly state: 'returned'; readonly value: unknown }
  | { readonly state: 'threw'; readonly error: ErrorFacts };

const interrupted: CallEnd = { state: 'interrupted' };

export async function callFunction(
  kernel: Kernel,
  body: Function,
  args: readonly unknown[],
  facts: CallFacts,
): Promise<CallEnd> {
  const call = kernel.enter(facts);
  return new Promise((resolve) => {
    call.onInterrupt = () => resolve(interrupted);
    call.onError = (error) => resolve(failed(call, error));
    void callAndWait(kernel, call, body, args).then(resolve);
  });
}

async function callAndWait(
  kernel: Kernel,
  call: Call,
  body: Function,
  args: readonly unknown[],
): Promise<CallEnd> {
  try {
    const given: unknown = body.apply(undefined, args);
    const value: unknown = await released(given);
    kernel.refuseLostCall();
    for (let idle = call.idle(); idle !== undefined; idle = call.idle()) {
      // What is under way may begin more when it goes on.
      // oxlint-disable-next-line no-await-in-loop
      await idle;
      // oxlint-disable-next-line no-await-in-loop
      await kernel.host.local.turn();
    }
    return call.interrupted ? interrupted : { state: 'returned', value };
  } catch (error) {
    return failed(call, error);
  }
}

/** What the call left behind ends with it. */
function failed(call: Call, error: unknown): CallEnd {
  if (call.interrupted || error instanceof InterruptError) return interrupted;
  call.onInterrupt = undefined;
  call.interrupt();
  return { error: describeError(error), state: 'threw' };
}
