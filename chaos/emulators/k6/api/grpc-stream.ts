/** `Stream` of `k6/net/grpc`: messages in both ways, with events. */
import type { GrpcCallSpec, GrpcStreamEvent } from './grpc-facts.ts';
import type { Started } from './host.ts';
import { GoError } from './kernel.ts';
import type { Call, Kernel } from './kernel.ts';

/** What a stream needs of its client. */
export interface StreamClient {
  assertConnected(): void;
  methodNamed(given: unknown): string;
  callSpec(method: string, params: unknown): GrpcCallSpec;
}

type Listener = (value: unknown, metadata: { readonly ts: number }) => unknown;

const eventNames = ['data', 'end', 'error', 'status'] as const;
type EventName = (typeof eventNames)[number];

export function createStreamClass(
  kernel: Kernel,
): (client: unknown, method: unknown, params?: unknown) => object {
  // Called with `new`, and what it gives is a plain object, as in k6.
  return function Stream(client, method, params) {
    kernel.inCall('streams cannot be made in the init context');
    return new GrpcStream(kernel, clientOf(client), method, params).object;
  };
}

function clientOf(value: unknown): StreamClient {
  if (value === undefined || value === null)
    throw new GoError("invalid GRPC Stream's client: empty gRPC client");
  if (typeof value !== 'object' || !('callSpec' in value) || typeof value.callSpec !== 'function') {
    throw new GoError("invalid GRPC Stream's client: not a gRPC client");
  }
  return value as StreamClient;
}

class GrpcStream {
  readonly object: object;
  readonly #kernel: Kernel;
  readonly #call: Call | undefined;
  readonly #listeners: Record<EventName, Listener[]> = { data: [], end: [], error: [], status: [] };
  readonly #started: Started<'grpcStream'>;
  readonly #sample: (metric: string) => void;
  #isWritable = true;

  constructor(kernel: Kernel, client: StreamClient, givenMethod: unknown, params: unknown) {
    this.#kernel = kernel;
    this.#call = kernel.call;
    this.object = {
      end: () => this.#end(),
      on: (name: unknown, listener: unknown) => this.#on(String(name), listener),
      write: (message: unknown) => this.#write(message),
    };
    client.assertConnected();
    const spec = client.callSpec(client.methodNamed(givenMethod), params);
    this.#sample = (metric) => kernel.sample(metric, 1, spec.tags);
    this.#sample('grpc_streams');
    this.#started = kernel.start('grpcStream', [spec], {
      done: () => this.#guarded(() => this.#emit('end', {})),
      event: (event) => this.#guarded(() => this.#take(event)),
      failed: ({ message }) => this.#guarded(() => this.#fail({ code: 2, message })),
    });
  }

  /** An exception of a listener ends the iteration. */
  #guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#call?.onError?.(error);
    }
  }

  #take(event: GrpcStreamEvent): void {
    switch (event.type) {
      case 'data':
        this.#sample('grpc_streams_msgs_received');
        this.#emit('data', JSON.parse(event.message));
        break;
      case 'error':
        this.#fail(event.error);
        break;
      case 'sent':
        this.#sample('grpc_streams_msgs_sent');
        break;
    }
  }

  #fail({ code, message }: { readonly code: number; readonly message: string }): void {
    this.#isWritable = false;
    if (this.#listeners.error.length === 0) {
      this.#kernel.warn(`no handlers for error registered, but an error happened: ${message}`);
    }
    this.#emit('error', { code, details: [], message });
  }

  #emit(name: EventName, value: unknown): void {
    const metadata = { ts: Math.floor(this.#kernel.host.local.nowMs() / 1000) };
    for (const listener of this.#listeners[name]) listener(value, metadata);
  }

  #on(name: string, listener: unknown): void {
    if (typeof listener !== 'function') {
      throw new GoError(`handler for ${JSON.stringify(name)} event isn't a callable function`);
    }
    const known = eventNames.find((one) => one === name);
    if (known === undefined) {
      this.#kernel.warn(`can't register ${name} event handler: unknown GRPC stream's event type: ${name}`);
      return;
    }
    this.#listeners[known].push((...args) => Reflect.apply(listener, undefined, args));
  }

  #write(message: unknown): void {
    if (!this.#isWritable) return;
    if (message === undefined || message === null) this.#kernel.warn("can't send empty message");
    else this.#started.send?.({ message: JSON.stringify(message), type: 'write' });
  }

  #end(): void {
    if (!this.#isWritable) return;
    this.#isWritable = false;
    this.#started.send?.({ type: 'end' });
  }
}
