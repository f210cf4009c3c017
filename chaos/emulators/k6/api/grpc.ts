/** The module `k6/net/grpc`: clients whose calls block, or give a promise, and streams with events. */
import type { GrpcCallSpec, GrpcMethod, GrpcResponse } from './grpc-facts.ts';
import { readCallParams, readConnectParams } from './grpc-params.ts';
import { createStreamClass } from './grpc-stream.ts';
import type { StreamClient } from './grpc-stream.ts';
import type { Outcome, Tags } from './host.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { withTagTexts } from './tags.ts';

const statuses = {
  StatusAborted: 10,
  StatusAlreadyExists: 6,
  StatusCanceled: 1,
  StatusDataLoss: 15,
  StatusDeadlineExceeded: 4,
  StatusFailedPrecondition: 9,
  StatusInternal: 13,
  StatusInvalidArgument: 3,
  StatusNotFound: 5,
  StatusOK: 0,
  StatusOutOfRange: 11,
  StatusPermissionDenied: 7,
  StatusResourceExhausted: 8,
  StatusUnauthenticated: 16,
  StatusUnavailable: 14,
  StatusUnimplemented: 12,
  StatusUnknown: 2,
} as const;

const healthStatuses = {
  HealthCheckNotServing: 2,
  HealthCheckServiceUnkown: 3,
  HealthCheckServing: 1,
  HealthCheckUnknown: 0,
} as const;

const invokeTimeoutMs = 120_000;

export function create(kernel: Kernel): Record<string, unknown> {
  for (const name of ['grpc_streams', 'grpc_streams_msgs_sent', 'grpc_streams_msgs_received'])
    kernel.host.ask.defineMetric(name, 'counter', false);
  let clients = 0;
  const exports = {
    ...healthStatuses,
    ...statuses,
    // Called with `new`, and what it gives is a client of its own.
    Client: function Client(): GrpcClient {
      return new GrpcClient(kernel, (clients += 1));
    },
    Stream: createStreamClass(kernel),
  };
  return { ...exports, default: exports };
}

class GrpcClient implements StreamClient {
  readonly #kernel: Kernel;
  readonly #id: number;
  #address = '';
  #isConnected = false;

  constructor(kernel: Kernel, id: number) {
    this.#kernel = kernel;
    this.#id = id;
  }

  load(importPaths: unknown, ...files: unknown[]): GrpcMethod[] {
    const paths = Array.isArray(importPaths)
      ? importPaths.map((path) => String(path).replace(/^file:\/\//, ''))
      : [];
    return this.#loaded((base) => this.#kernel.host.ask.grpcLoad(this.#id, paths, files.map(String), base));
  }

  loadProtoset(path: unknown): GrpcMethod[] {
    return this.#loaded((base) => this.#kernel.host.ask.grpcLoadDescriptorSet(this.#id, String(path), base));
  }

  #loaded(load: (base: string) => Outcome<readonly GrpcMethod[]>): GrpcMethod[] {
    const { call, host, loading } = this.#kernel;
    if (call !== undefined) throw new GoError('load must be called in the init context');
    const outcome = load(loading === '' ? host.entry : loading);
    if (!outcome.ok) throw new GoError(outcome.message);
    return outcome.value.map((method) => ({ ...method }));
  }

  connect(address: unknown, params?: unknown): boolean {
    this.#kernel.inCall('connecting to a gRPC server in the init context is not supported');
    const spec = { ...this.#connectParams(params), address: String(address), client: this.#id };
    this.#address = spec.address;
    this.#isConnected = true;
    return this.#kernel.block('client.connect()', 'grpcConnect', [spec], () => true);
  }

  #connectParams(params: unknown): ReturnType<typeof readConnectParams> {
    try {
      return readConnectParams(this.#kernel, params);
    } catch (error) {
      throw new GoError(`invalid grpc.connect() parameters: ${messageOf(error)}`);
    }
  }

  invoke(method: unknown, request?: unknown, params?: unknown): object {
    const args = this.#invocation(method, request, params);
    return this.#kernel.block('client.invoke()', 'grpcCall', args, (response) => shown(response));
  }

  asyncInvoke(method: unknown, request?: unknown, params?: unknown): Promise<object> {
    try {
      return this.#kernel.promise('grpcCall', this.#invocation(method, request, params), shown);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  healthCheck(service?: unknown): unknown {
    const method = '/grpc.health.v1.Health/Check';
    const json = JSON.stringify({
      service: service === undefined || service === null ? '' : String(service),
    });
    const spec = { ...this.callSpec(method, undefined), schema: 'health' as const };
    return this.#kernel.block('client.healthCheck()', 'grpcCall', [spec, json], ({ error, message }) => {
      if (error !== undefined) throw new GoError(`rpc error: code = ${error.code} desc = ${error.message}`);
      const names = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];
      return { status: names.indexOf(String(JSON.parse(message ?? '{}').status)) };
    });
  }

  close(): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#kernel.host.ask.grpcClose(this.#id);
  }

  #invocation(given: unknown, request: unknown, params: unknown): readonly [GrpcCallSpec, string] {
    this.#kernel.inCall('invoking RPC methods in the init context is not supported');
    this.assertConnected();
    const method = this.methodNamed(given);
    const spec = this.callSpec(method, params);
    if (request === undefined || request === null) throw new GoError('request cannot be nil');
    return [{ ...spec, timeoutMs: spec.timeoutMs === 0 ? invokeTimeoutMs : spec.timeoutMs }, jsonOf(request)];
  }

  assertConnected(): void {
    if (!this.#isConnected) throw new GoError('no gRPC connection, you must call connect first');
  }

  /** With its slash. Throws when no such method was loaded. */
  methodNamed(given: unknown): string {
    const text = given === undefined || given === null ? '' : String(given);
    if (text === '') throw new GoError('method to invoke cannot be empty');
    const method = text.startsWith('/') ? text : `/${text}`;
    if (this.#kernel.host.ask.grpcHasMethod(this.#id, method)) return method;
    throw new GoError(`method ${JSON.stringify(method)} not found in file descriptors`);
  }

  callSpec(method: string, params: unknown): GrpcCallSpec {
    const read = this.#callParams(params);
    return { ...read, client: this.#id, method, schema: 'loaded', tags: this.#tagged(read.tags, method) };
  }

  #callParams(params: unknown): ReturnType<typeof readCallParams> {
    try {
      return readCallParams(this.#kernel, params);
    } catch (error) {
      throw new GoError(`invalid GRPC's client.invoke() parameters: ${messageOf(error)}`);
    }
  }

  #tagged(tags: Tags, method: string): Tags {
    const [, service = '', name = ''] = method.split('/');
    return withTagTexts(tags, [
      ['url', `${this.#address}${method}`],
      ['service', service],
      ['method', name],
      ...(tags['name'] === undefined ? ([['name', method]] as const) : []),
    ]);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Numbers that JSON has not are texts in the mapping of Protocol Buffers. */
function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_name, one: unknown) =>
    typeof one === 'number' && !Number.isFinite(one) ? String(one) : one,
  );
}

function shown({ error, headers, message, status, trailers }: GrpcResponse): object {
  const lists = (fields: GrpcResponse['headers']): Record<string, string[]> =>
    Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, [...values]] as const));
  return {
    error: error === undefined ? null : { code: error.code, details: [], message: error.message },
    headers: lists(headers),
    message: message === undefined ? null : JSON.parse(message),
    status,
    trailers: lists(trailers),
  };
}
