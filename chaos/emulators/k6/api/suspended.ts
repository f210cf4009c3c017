/**
 * Stands for the value of a call that blocks, where VUs share a thread: the code of the script was rewritten to wait for it
 * wherever such a call may return. One that nothing takes has reached code which does not wait, and the run must not go on.
 */
export class Suspended {
  readonly promise: Promise<unknown>;

  constructor(promise: Promise<unknown>) {
    this.promise = promise;
    remember(this);
  }

  /** The promise, for who waits for it. */
  take(): Promise<unknown> {
    if (untaken === this) untaken = undefined;
    return this.promise;
  }
}

let untaken: Suspended | undefined;

function remember(suspended: Suspended): void {
  untaken = suspended;
}

/** Whether a call that blocks was made where its value is not waited for. Asks once for each. */
export function wasLost(): boolean {
  const lost = untaken !== undefined;
  untaken = undefined;
  return lost;
}

/** Gives `next` of a value, whether it is there or waited for. */
export function chain<Value, Result>(value: Value, next: (value: Value) => Result): Result {
  if (!(value instanceof Suspended)) return next(value);
  return new Suspended(value.take().then((late) => released(next(late as Value)))) as Result;
}

/** What a chain of promises goes on with: a suspended value of its own is waited for as well. */
export function released(value: unknown): unknown {
  return value instanceof Suspended ? value.take() : value;
}
