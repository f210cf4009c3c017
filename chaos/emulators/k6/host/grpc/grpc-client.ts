/** A gRPC client of a script: its schema and its connection. Where it connects to follows the options as requests do. */
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { fileURLToPath } from 'node:url';
import type { ChannelCredentials, Client, ClientOptions, Metadata, ServiceError } from '@grpc/grpc-js';
import type { GrpcConnectSpec, GrpcError, GrpcMetadata, GrpcMethod } from '../../api/grpc-facts.ts';
import type { RunState } from '../../engine/run-state.ts';
import { endpointOf } from '../../http/endpoints.ts';
import { parseGoUrl } from '../../http/go-url.ts';
import { userAgentOf } from '../../http/request-plan.ts';
import { loadGrpc } from './grpc-library.ts';
import { parseProtoFiles, readDescriptors, readDescriptorSet } from './proto-schema.ts';
import type { KnownMethod, ProtoServices } from './proto-schema.ts';
import { reflect } from './reflection.ts';

const servicesOfRuns = new WeakMap<RunState, Map<string, ProtoServices>>();

export class GrpcClient {
  readonly #methods = new Map<string, KnownMethod>();
  readonly #run: RunState;
  #connection: Client | undefined;
  #isClosed = false;

  constructor(run: RunState) {
    this.#run = run;
  }

  /** Throws before `connect`. */
  get connection(): Client {
    if (this.#connection === undefined) throw new Error('no gRPC connection, you must call connect first');
    return this.#connection;
  }

  /** `base` is the URL of the module that asks. Throws when a file cannot be read. */
  load(importPaths: readonly string[], files: readonly string[], base: string): readonly GrpcMethod[] {
    const folder = fileURLToPath(new URL('.', base));
    const paths = importPaths.map((path) => join(path.startsWith('/') ? '/' : folder, path));
    const open = (path: string): Uint8Array | undefined => {
      const outcome = this.#run.files.open(path, base);
      if (outcome.ok) return outcome.value;
      if (outcome.reason === 'missing') return undefined;
      throw new Error(outcome.message);
    };
    return this.#once([folder, ...paths, '', ...files], () =>
      parseProtoFiles(paths.length === 0 ? [folder] : paths, files, open),
    );
  }

  loadDescriptorSet(path: string, base: string): readonly GrpcMethod[] {
    return this.#once([base, path], () => {
      const outcome = this.#run.files.open(path, base);
      if (!outcome.ok) throw new Error(`couldn't open protoset: ${outcome.message}`);
      return readDescriptorSet(outcome.value);
    });
  }

  find(method: string): KnownMethod | undefined {
    return this.#methods.get(method);
  }

  /** What one VU has read is not read again by the others. */
  #once(names: readonly string[], read: () => ProtoServices): readonly GrpcMethod[] {
    let known = servicesOfRuns.get(this.#run);
    if (known === undefined) servicesOfRuns.set(this.#run, (known = new Map()));
    const key = JSON.stringify(names);
    let services = known.get(key);
    if (services === undefined) known.set(key, (services = read()));
    return this.#add(services);
  }

  #add({ infos, methods }: ProtoServices): readonly GrpcMethod[] {
    for (const [name, method] of methods) this.#methods.set(name, method);
    return infos;
  }

  /** Rejects when the server cannot be reached in time. */
  async connect(spec: GrpcConnectSpec): Promise<void> {
    this.close();
    this.#isClosed = false;
    const { Client: ClientClass, status } = loadGrpc();
    const deadlineMs = this.#run.clock.nowMs() + spec.timeoutMs;
    const url = parseGoUrl(`${spec.plaintext ? 'http' : 'https'}://${spec.address}`);
    const endpoint = await endpointOf(url, this.#run.options, this.#run.resolver);
    const host = endpoint.host.includes(':') ? `ipv6:[${endpoint.host}]` : `ipv4:${endpoint.host}`;
    const connection = new ClientClass(
      `${host}:${endpoint.port}`,
      credentialsOf(spec, endpoint.tls),
      channelOptions(spec, endpoint.serverName, userAgentOf(this.#run.options)),
    );
    if (this.#isClosed) {
      connection.close();
      throw new Error('the client was closed');
    }
    this.#connection = connection;
    try {
      await untilReady(connection, deadlineMs, spec.address);
      if (!spec.reflect) return;
      const files = await reflect(connection, metadataOf(spec.reflectMetadata), deadlineMs);
      this.#add(readDescriptors(files));
    } catch (error) {
      this.close();
      if (error instanceof Error && 'code' in error && error.code === status.DEADLINE_EXCEEDED)
        throw new Error('context deadline exceeded', { cause: error });
      throw error;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#connection?.close();
    this.#connection = undefined;
  }
}

function credentialsOf(
  { plaintext, tls }: GrpcConnectSpec,
  options: { readonly rejectUnauthorized?: boolean | undefined },
): ChannelCredentials {
  const { credentials } = loadGrpc();
  if (plaintext) return credentials.createInsecure();
  return credentials.createFromSecureContext(secureContextOf(tls), {
    rejectUnauthorized: options.rejectUnauthorized !== false,
  });
}

function secureContextOf({ cacerts, cert, key, password }: GrpcConnectSpec['tls']): SecureContext {
  return createSecureContext({
    ...(cacerts.length === 0 ? {} : { ca: [...cacerts] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(password === undefined ? {} : { passphrase: password }),
  });
}

function channelOptions(spec: GrpcConnectSpec, serverName: string, userAgent: string): ClientOptions {
  return {
    'grpc.default_authority': spec.authority === '' ? spec.address : spec.authority,
    'grpc.enable_retries': 0,
    'grpc.primary_user_agent': userAgent,
    'grpc.use_local_subchannel_pool': 1,
    ...(spec.plaintext ? {} : { 'grpc.ssl_target_name_override': serverName }),
    ...(spec.maxReceiveBytes === 0 ? {} : { 'grpc.max_receive_message_length': spec.maxReceiveBytes }),
    ...(spec.maxSendBytes === 0 ? {} : { 'grpc.max_send_message_length': spec.maxSendBytes }),
  };
}

/** A connection that is refused is an error at once, as in k6, not only when the time is up. */
async function untilReady(connection: Client, deadlineMs: number, address: string): Promise<void> {
  const { connectivityState } = loadGrpc();
  const channel = connection.getChannel();
  for (let state = channel.getConnectivityState(true); state !== connectivityState.READY;) {
    if (state === connectivityState.TRANSIENT_FAILURE || state === connectivityState.SHUTDOWN) {
      throw new Error(
        `connection error: desc = "transport: error while dialing: ${address} did not accept the connection"`,
      );
    }
    // Each state is waited for behind the one before.
    // oxlint-disable-next-line no-await-in-loop
    await new Promise<void>((resolve, reject) => {
      channel.watchConnectivityState(state, deadlineMs, (error) =>
        error === undefined ? resolve() : reject(new Error('context deadline exceeded', { cause: error })),
      );
    });
    state = channel.getConnectivityState(true);
  }
}

export function metadataOf(entries: GrpcMetadata): Metadata {
  const { Metadata: MetadataClass } = loadGrpc();
  const metadata = new MetadataClass();
  for (const [name, value] of entries)
    metadata.add(name, typeof value === 'string' ? value : Buffer.from(value));
  return metadata;
}

/** As scripts see it: a list of texts for each name. */
export function metadataFields(metadata: Metadata | undefined): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const [name, values] of Object.entries(metadata?.toJSON() ?? {})) {
    fields[name] = values.map((value) => (typeof value === 'string' ? value : value.toString('latin1')));
  }
  return fields;
}

export function errorOf({ code, details }: Pick<ServiceError, 'code' | 'details'>): GrpcError {
  const { status } = loadGrpc();
  return { code, message: code === status.DEADLINE_EXCEEDED ? 'context deadline exceeded' : details };
}
