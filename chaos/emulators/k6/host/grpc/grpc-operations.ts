/** What gRPC clients of scripts ask of the run: connections, calls, streams and their samples. */
import type { Client, ClientDuplexStream } from '@grpc/grpc-js';
import type { Asked, Outcome, Started, StartedEvents, Tags } from '../../api/host.ts';
import type { GrpcCallSpec, GrpcConnectSpec, GrpcResponse } from '../../api/grpc-facts.ts';
import type { RunState } from '../../engine/run-state.ts';
import type { VirtualUser } from '../../engine/virtual-user.ts';
import { messageOf } from '../../errors.ts';
import { errorOf, GrpcClient, metadataFields, metadataOf } from './grpc-client.ts';
import { loadGrpc } from './grpc-library.ts';
import { parseProtoFiles } from './proto-schema.ts';
import type { KnownMethod } from './proto-schema.ts';

const clientsOfVus = new WeakMap<VirtualUser, Map<number, GrpcClient>>();

function clientOf(run: RunState, vu: VirtualUser, id: number): GrpcClient {
  let clients = clientsOfVus.get(vu);
  if (clients === undefined) clientsOfVus.set(vu, (clients = new Map()));
  let client = clients.get(id);
  if (client === undefined) clients.set(id, (client = new GrpcClient(run)));
  return client;
}

type GrpcAsked = Pick<Asked, 'grpcClose' | 'grpcHasMethod' | 'grpcLoad' | 'grpcLoadDescriptorSet'>;

export function createGrpcAsked(run: RunState, vu: VirtualUser): GrpcAsked {
  return {
    grpcClose: (client) => clientOf(run, vu, client).close(),
    grpcHasMethod: (client, method) => clientOf(run, vu, client).find(method) !== undefined,
    grpcLoad: (client, importPaths, files, base) =>
      attempt(() => clientOf(run, vu, client).load(importPaths, files, base)),
    grpcLoadDescriptorSet: (client, path, base) =>
      attempt(() => clientOf(run, vu, client).loadDescriptorSet(path, base)),
  };
}

function attempt<Value>(act: () => Value): Outcome<Value> {
  try {
    return { ok: true, value: act() };
  } catch (error) {
    return { message: messageOf(error), ok: false };
  }
}

export function startGrpcConnect(
  run: RunState,
  vu: VirtualUser,
  [spec]: readonly [GrpcConnectSpec],
  events: StartedEvents<'grpcConnect'>,
): Started<'grpcConnect'> {
  const client = clientOf(run, vu, spec.client);
  client.connect(spec).then(
    () => events.done(undefined),
    (error: unknown) => events.failed({ code: 0, message: messageOf(error) }),
  );
  return { cancel: () => client.close() };
}

/** The part of the protocol that `healthCheck` uses (https://grpc.io/docs/guides/health-checking). */
const healthProto = `syntax = "proto3"; package grpc.health.v1;
message HealthCheckRequest { string service = 1; }
message HealthCheckResponse { enum ServingStatus { UNKNOWN = 0; SERVING = 1; NOT_SERVING = 2; SERVICE_UNKNOWN = 3; } ServingStatus status = 1; }
service Health { rpc Check(HealthCheckRequest) returns (HealthCheckResponse); }`;

function methodOf(client: GrpcClient, { method, schema }: GrpcCallSpec): KnownMethod {
  const found =
    schema === 'loaded'
      ? client.find(method)
      : parseProtoFiles([], ['/health.proto'], () => Buffer.from(healthProto)).methods.get(method);
  if (found === undefined) throw new Error(`method ${JSON.stringify(method)} not found in file descriptors`);
  return found;
}

export function startGrpcCall(
  run: RunState,
  vu: VirtualUser,
  [spec, json]: readonly [GrpcCallSpec, string],
  events: StartedEvents<'grpcCall'>,
): Started<'grpcCall'> {
  try {
    const client = clientOf(run, vu, spec.client);
    return call(run, client.connection, methodOf(client, spec), spec, json, events);
  } catch (error) {
    queueMicrotask(() => events.failed({ code: 0, message: messageOf(error) }));
    return { cancel: () => undefined };
  }
}

function call(
  run: RunState,
  connection: Client,
  method: KnownMethod,
  spec: GrpcCallSpec,
  json: string,
  events: StartedEvents<'grpcCall'>,
): Started<'grpcCall'> {
  const bytes = encoded(method, json);
  const startedMs = run.clock.monotonicMs();
  let [headers, trailers] = [{}, {}] as GrpcResponse['headers'][];
  const underWay = connection.makeUnaryRequest<Buffer, string>(
    spec.method,
    (request) => request,
    (response) => {
      run.samples.emit(run.registry.builtin.dataReceived, response.length, spec.tags, run.clock.nowMs());
      return spec.discards ? '' : method.decode(response);
    },
    bytes,
    metadataOf(spec.metadata),
    deadlineOf(run, spec),
    (error, response) => {
      const status = error?.code ?? 0;
      emitDuration(run, tagged(run, spec.tags, 'status', String(status)), startedMs);
      events.done({
        error: error === null ? undefined : errorOf(error),
        headers: headers ?? {},
        message: spec.discards ? undefined : (response ?? method.empty),
        status,
        trailers: trailers ?? {},
      });
    },
  );
  run.samples.emit(run.registry.builtin.dataSent, bytes.length, spec.tags, run.clock.nowMs());
  underWay.on('metadata', (metadata) => (headers = metadataFields(metadata)));
  underWay.on('status', ({ metadata }) => (trailers = metadataFields(metadata)));
  return { cancel: () => underWay.cancel() };
}

export function startGrpcStream(
  run: RunState,
  vu: VirtualUser,
  [spec]: readonly [GrpcCallSpec],
  events: StartedEvents<'grpcStream'>,
): Started<'grpcStream'> {
  try {
    const client = clientOf(run, vu, spec.client);
    const method = methodOf(client, spec);
    const call = client.connection.makeBidiStreamRequest<Buffer, string>(
      spec.method,
      (bytes) => bytes,
      (bytes) => (spec.discards ? '{}' : method.decode(bytes)),
      metadataOf(spec.metadata),
      deadlineOf(run, spec),
    );
    listenTo(run, call, spec, events);
    return {
      cancel: () => call.cancel(),
      send: (command) => {
        if (command.type === 'end') call.end();
        else write(run, call, method, command.message, events);
      },
    };
  } catch (error) {
    queueMicrotask(() => events.failed({ code: 0, message: messageOf(error) }));
    return { cancel: () => undefined };
  }
}

function listenTo(
  run: RunState,
  call: ClientDuplexStream<Buffer, string>,
  spec: GrpcCallSpec,
  events: StartedEvents<'grpcStream'>,
): void {
  const startedMs = run.clock.monotonicMs();
  call.on('data', (message: string) => events.event?.({ message, timeMs: run.clock.nowMs(), type: 'data' }));
  // What went wrong is told by the status as well.
  call.on('error', () => undefined);
  call.on('status', ({ code, details }) => {
    emitDuration(run, tagged(run, spec.tags, 'status', String(code)), startedMs);
    const { status } = loadGrpc();
    if (code !== status.OK && code !== status.CANCELLED)
      events.event?.({ error: errorOf({ code, details }), timeMs: run.clock.nowMs(), type: 'error' });
    events.done(undefined);
  });
}

/** What is no message of the method ends the stream with an error, as in k6. */
function write(
  run: RunState,
  call: ClientDuplexStream<Buffer, string>,
  method: KnownMethod,
  json: string,
  events: StartedEvents<'grpcStream'>,
): void {
  try {
    call.write(encoded(method, json), () => events.event?.({ timeMs: run.clock.nowMs(), type: 'sent' }));
  } catch (error) {
    const unknown = loadGrpc().status.UNKNOWN;
    events.event?.({
      error: { code: unknown, message: messageOf(error) },
      timeMs: run.clock.nowMs(),
      type: 'error',
    });
    call.cancel();
  }
}

function encoded(method: KnownMethod, json: string): Buffer {
  try {
    return method.encode(json);
  } catch (error) {
    throw new Error(`unable to serialise request object to protocol buffer: proto: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function deadlineOf(run: RunState, { timeoutMs }: GrpcCallSpec): { deadline?: number } {
  return timeoutMs === 0 ? {} : { deadline: run.clock.nowMs() + timeoutMs };
}

function emitDuration(run: RunState, tags: Tags, startedMs: number): void {
  const metric = run.registry.get('grpc_req_duration');
  if (metric !== undefined)
    run.samples.emit(metric, run.clock.monotonicMs() - startedMs, tags, run.clock.nowMs());
}

function tagged(run: RunState, tags: Tags, name: 'status', value: string): Tags {
  if (!run.systemTags.has(name)) return tags;
  return Object.assign(Object.create(null), tags, { [name]: value });
}
