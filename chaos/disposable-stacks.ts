/**
 * DisposableStack and AsyncDisposableStack where Node has none, which is before 24. As in the proposal "Explicit Resource Management" of TC39, as far as
 * this program uses them. Imported first by each program and worker.
 */
type Cleanup = () => PromiseLike<void> | void;

class DisposableStackOfOldNode implements Disposable {
  #cleanups: (() => void)[] = [];

  use<T extends Disposable | null | undefined>(value: T): T {
    if (value) this.#cleanups.push(() => value[Symbol.dispose]());
    return value;
  }

  adopt<T>(value: T, onDispose: (value: T) => void): T {
    this.#cleanups.push(() => onDispose(value));
    return value;
  }

  defer(onDispose: () => void): void {
    this.#cleanups.push(onDispose);
  }

  move(): DisposableStackOfOldNode {
    const moved = new DisposableStackOfOldNode();
    moved.#cleanups = this.#cleanups.splice(0);
    return moved;
  }

  dispose(): void {
    const errors: unknown[] = [];
    for (const cleanup of this.#cleanups.splice(0).reverse()) {
      try {
        cleanup();
      } catch (error) {
        errors.push(error);
      }
    }
    throwAll(errors);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

class AsyncDisposableStackOfOldNode implements AsyncDisposable {
  #cleanups: Cleanup[] = [];

  use<T extends AsyncDisposable | Disposable | null | undefined>(value: T): T {
    if (value)
      this.#cleanups.push(() =>
        Symbol.asyncDispose in value ? value[Symbol.asyncDispose]() : value[Symbol.dispose](),
      );
    return value;
  }

  adopt<T>(value: T, onDispose: (value: T) => PromiseLike<void> | void): T {
    this.#cleanups.push(() => onDispose(value));
    return value;
  }

  defer(onDispose: Cleanup): void {
    this.#cleanups.push(onDispose);
  }

  move(): AsyncDisposableStackOfOldNode {
    const moved = new AsyncDisposableStackOfOldNode();
    moved.#cleanups = this.#cleanups.splice(0);
    return moved;
  }

  async disposeAsync(): Promise<void> {
    const errors: unknown[] = [];
    for (const cleanup of this.#cleanups.splice(0).reverse()) {
      try {
        await cleanup();
      } catch (error) {
        errors.push(error);
      }
    }
    throwAll(errors);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disposeAsync();
  }
}

/** The last one hides the others unless they are kept with it. */
function throwAll(errors: readonly unknown[]): void {
  if (errors.length > 1) throw new AggregateError(errors, 'several clean-ups failed');
  if (errors.length === 1) throw errors[0];
}

for (const [name, value] of [
  ['DisposableStack', DisposableStackOfOldNode],
  ['AsyncDisposableStack', AsyncDisposableStackOfOldNode],
] as const) {
  if (!(name in globalThis))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
