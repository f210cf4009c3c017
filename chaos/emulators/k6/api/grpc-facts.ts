/** What a gRPC client of a script is told and tells. Messages cross as JSON text, in the mapping of Protocol Buffers. */
import type { Tags } from './plain-data.ts';

/** Values of names that end in `-bin` are bytes. */
export type GrpcMetadata = readonly (readonly [name: string, value: Uint8Array | string])[];

export interface GrpcConnectSpec {
  /** Of the VU, from 1. */
  readonly client: number;
  readonly address: string;
  readonly plaintext: boolean;
  readonly reflect: boolean;
  readonly reflectMetadata: GrpcMetadata;
  readonly timeoutMs: number;
  /** 0 leaves it to the library. */
  readonly maxReceiveBytes: number;
  readonly maxSendBytes: number;
  readonly authority: string;
  readonly tls: {
    readonly cert?: string;
    readonly key?: string;
    readonly password?: string;
    readonly cacerts: readonly string[];
  };
}

export interface GrpcCallSpec {
  readonly client: number;
  /** Whether the method is one that the script has loaded, or of the health protocol. */
  readonly schema: 'health' | 'loaded';
  /** `/package.Service/Method` */
  readonly method: string;
  readonly metadata: GrpcMetadata;
  readonly tags: Tags;
  /** 0 for none. */
  readonly timeoutMs: number;
  readonly discards: boolean;
}

export interface GrpcResponse {
  readonly status: number;
  /** JSON, or undefined where it was discarded. */
  readonly message: string | undefined;
  readonly error: GrpcError | undefined;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly trailers: Readonly<Record<string, readonly string[]>>;
}

export interface GrpcError {
  readonly code: number;
  readonly message: string;
}

export interface GrpcMethod {
  readonly package: string;
  readonly service: string;
  readonly fullMethod: string;
  readonly name: string;
  readonly isClientStream: boolean;
  readonly isServerStream: boolean;
}

export type GrpcStreamEvent =
  | { readonly type: 'data'; readonly message: string; readonly timeMs: number }
  | { readonly type: 'error'; readonly error: GrpcError; readonly timeMs: number }
  | { readonly type: 'sent'; readonly timeMs: number };

export type GrpcStreamCommand =
  | { readonly type: 'end' }
  | { readonly type: 'write'; readonly message: string };
