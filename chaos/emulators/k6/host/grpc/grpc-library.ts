/** The libraries behind `k6/net/grpc`, loaded by the first script that needs them. */
import { createRequire } from 'node:module';
import type * as GrpcJs from '@grpc/grpc-js';
import type * as ProtobufJs from 'protobufjs';
import type * as Descriptor from 'protobufjs/ext/descriptor/index.js';

const require = createRequire(import.meta.url);

export function loadGrpc(): typeof GrpcJs {
  return require('@grpc/grpc-js');
}

export function loadProtobuf(): typeof ProtobufJs {
  return require('protobufjs');
}

/** Adds to the library what reads descriptors. */
export function loadDescriptors(): typeof Descriptor {
  return require('protobufjs/ext/descriptor');
}
