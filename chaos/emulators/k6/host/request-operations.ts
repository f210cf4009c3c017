/** Requests, one by one and in batches. */
import type { RequestSpec, ResponseData, Started, StartedEvents } from '../api/host.ts';
import type { RunState } from '../engine/run-state.ts';
import type { VirtualUser } from '../engine/virtual-user.ts';
import { RunError, UnsupportedError } from '../errors.ts';
import { performRequest } from '../http/perform-request.ts';
import { RequestError } from '../http/request-error.ts';
import { lengthMismatch, planRequest } from '../http/request-plan.ts';
import type { RequestPlan } from '../http/request-plan.ts';
import { unmadeResponse } from '../http/response-data.ts';
import { jarOf } from './cookie-calls.ts';

export function startRequest(
  run: RunState,
  vu: VirtualUser,
  [spec]: readonly [RequestSpec],
  events: StartedEvents<'request'>,
): Started<'request'> {
  const plan = planOrRefuse(run, spec, 'Request Failed');
  if ('response' in plan) {
    queueMicrotask(() => events.done(plan.response));
    return { cancel: () => undefined };
  }
  const underWay = performRequest(run, vu, plan, jarOf(vu, plan.jar));
  underWay.response.then(events.done, (error: unknown) => events.failed({ code: 0, message: String(error) }));
  return { cancel: underWay.cancel };
}

function planOrRefuse(
  run: RunState,
  spec: RequestSpec,
  what: string,
): RequestPlan | { response: ResponseData } {
  try {
    const plan = planRequest(spec, run.options);
    const mismatch = lengthMismatch(spec, plan);
    if (mismatch !== undefined) run.log.report('warning', mismatch);
    return plan;
  } catch (error) {
    if (error instanceof UnsupportedError) {
      run.abort(new RunError('script-exception', error.message));
      return { response: unmadeResponse(error.message, 0, true) };
    }
    if (!(error instanceof RequestError)) throw error;
    const thrown = run.options.throw === true;
    if (!thrown) run.log.report('warning', what, { error: error.message });
    return { response: unmadeResponse(error.message, error.errorCode, thrown) };
  }
}

const defaultBatch = 20;
const defaultBatchPerHost = 6;

/** All at once, but for the limits of the options. One that cannot be made keeps all from being made, as in k6. */
export function startBatch(
  run: RunState,
  vu: VirtualUser,
  [specs]: readonly [readonly RequestSpec[]],
  events: StartedEvents<'batch'>,
): Started<'batch'> {
  const plans: RequestPlan[] = [];
  for (const spec of specs) {
    const plan = planOrRefuse(run, spec, 'A batch request failed');
    if ('response' in plan) {
      const before = plans.map(() => unmadeResponse('', 0, false));
      queueMicrotask(() => events.done([...before, plan.response]));
      return { cancel: () => undefined };
    }
    plans.push(plan);
  }
  const batch = new RunningBatch(run, vu, plans);
  batch.run().then(events.done, (error: unknown) => events.failed({ code: 0, message: String(error) }));
  return { cancel: () => batch.cancel() };
}

class RunningBatch {
  readonly #run: RunState;
  readonly #vu: VirtualUser;
  readonly #plans: readonly RequestPlan[];
  readonly #results: ResponseData[] = [];
  readonly #cancels = new Set<() => void>();
  readonly #hosts = new Map<string, HostSlots>();
  #next = 0;

  constructor(run: RunState, vu: VirtualUser, plans: readonly RequestPlan[]) {
    this.#run = run;
    this.#vu = vu;
    this.#plans = plans;
  }

  async run(): Promise<readonly ResponseData[]> {
    const { batch = defaultBatch } = this.#run.options;
    const workers = Array.from({ length: Math.min(this.#plans.length, Math.max(batch, 1)) }, () =>
      this.#work(),
    );
    await Promise.all(workers);
    return this.#results;
  }

  cancel(): void {
    this.#next = this.#plans.length;
    for (const cancel of this.#cancels) cancel();
  }

  async #work(): Promise<void> {
    for (let index = this.#take(); index !== undefined; index = this.#take()) {
      const plan = this.#plans[index];
      if (plan === undefined) return;
      const slots = this.#slotsOf(plan.url.host);
      // oxlint-disable-next-line no-await-in-loop
      await slots.enter();
      const underWay = performRequest(this.#run, this.#vu, plan, jarOf(this.#vu, plan.jar));
      this.#cancels.add(underWay.cancel);
      // oxlint-disable-next-line no-await-in-loop
      this.#results[index] = await underWay.response;
      this.#cancels.delete(underWay.cancel);
      slots.leave();
    }
  }

  #take(): number | undefined {
    if (this.#next >= this.#plans.length) return undefined;
    this.#next += 1;
    return this.#next - 1;
  }

  #slotsOf(host: string): HostSlots {
    let slots = this.#hosts.get(host);
    if (slots === undefined) {
      slots = new HostSlots(this.#run.options.batchPerHost ?? defaultBatchPerHost);
      this.#hosts.set(host, slots);
    }
    return slots;
  }
}

/** So many requests to one host at once; 0 is no limit. */
class HostSlots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#free = limit > 0 ? limit : Number.POSITIVE_INFINITY;
  }

  async enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
