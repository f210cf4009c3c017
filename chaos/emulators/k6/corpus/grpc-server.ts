/** A gRPC server for the tests, with reflection and health, on libraries of its own: it knows nothing of the runtime's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import type {
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  sendUnaryData,
} from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import type { Type } from 'protobufjs';
import 'protobufjs/ext/descriptor/index.js';

export interface GrpcServer extends AsyncDisposable {
  readonly address: string;
}

type Fields = Record<string, unknown>;

const protoPath = join(import.meta.dirname, 'scripts', 'grpc', 'shop.proto');

const protocols = `syntax = "proto3"; package grpc;
message Question { oneof question { string file_by_filename = 3; string file_containing_symbol = 4; string list_services = 7; } }
message Answer { Files file_descriptor_response = 4; Services list_services_response = 6; }
message Files { repeated bytes file_descriptor_proto = 1; }
message Services { repeated Named service = 1; }
message Named { string name = 1; }
message HealthQuestion { string service = 1; }
message HealthAnswer { int32 status = 1; }`;

export async function startGrpcServer(): Promise<GrpcServer> {
  const root = new protobuf.Root();
  protobuf.parse(readFileSync(protoPath, 'utf8'), root, { keepCase: true });
  for (const name of ['timestamp', 'wrappers'])
    root.addJSON(protobuf.common.get(`google/protobuf/${name}.proto`)?.nested ?? {});
  protobuf.parse(protocols, root, { keepCase: true });
  root.resolveAll();
  const server = new Server();
  addShop(server, root);
  addHealth(server, root);
  addReflection(server, root);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}

function method(path: string, request: Type, response: Type, requestStream = false, responseStream = false) {
  return {
    path,
    requestDeserialize: (bytes: Buffer): Fields => request.toObject(request.decode(bytes), { longs: Number }),
    requestSerialize: (fields: Fields): Buffer =>
      Buffer.from(request.encode(request.fromObject(fields)).finish()),
    requestStream,
    responseDeserialize: (bytes: Buffer): Fields => response.toObject(response.decode(bytes)),
    responseSerialize: (fields: Fields): Buffer =>
      Buffer.from(response.encode(response.fromObject(fields)).finish()),
    responseStream,
  };
}

const item = (id: number): Fields => ({
  cents: 250,
  display_name: `item ${id}`,
  item_id: id,
  kind: 'FOOD',
  made_at: { nanos: 500_000_000, seconds: 1_700_000_000 },
  note: { value: 'fresh' },
  picture: Buffer.from('pic'),
  stock: { north: 3 },
  tags: ['a', 'b'],
  weight: 0.1,
});

function addShop(server: Server, root: protobuf.Root): void {
  const [find, shown, sum] = ['FindRequest', 'Item', 'Sum'].map((name) => root.lookupType(`shop.v1.${name}`));
  if (find === undefined || shown === undefined || sum === undefined)
    throw new Error('the schema is not whole');
  server.addService(
    {
      add: method('/shop.v1.Shop/Add', sum, sum, true, false),
      echo: method('/shop.v1.Shop/Echo', sum, sum, true, true),
      find: method('/shop.v1.Shop/Find', find, shown),
      list: method('/shop.v1.Shop/List', find, shown, false, true),
      store: method('/shop.v1.Shop/Store', shown, shown),
    },
    {
      add: (call: ServerReadableStream<Fields, Fields>, done: sendUnaryData<Fields>) => {
        let total = 0;
        call.on('data', (one: Fields) => (total += Number(one['total'])));
        call.on('end', () => done(null, { total }));
      },
      echo: (call: ServerDuplexStream<Fields, Fields>) => {
        call.on('data', (one: Fields) => call.write(one));
        call.on('end', () => call.end());
      },
      find: (call: ServerUnaryCall<Fields, Fields>, done: sendUnaryData<Fields>) => {
        const id = Number(call.request['item_id'] ?? 0);
        call.sendMetadata(call.metadata);
        if (id > 100) done({ code: status.NOT_FOUND, details: `no item ${id}` });
        else if (id > 0) done(null, item(id));
      },
      list: (call: ServerWritableStream<Fields, Fields>) => {
        for (let id = 1; id <= Number(call.request['item_id']); id += 1) call.write(item(id));
        call.end();
      },
      store: (call: ServerUnaryCall<Fields, Fields>, done: sendUnaryData<Fields>) => done(null, call.request),
    },
  );
}

function addHealth(server: Server, root: protobuf.Root): void {
  const [question, answer] = [root.lookupType('grpc.HealthQuestion'), root.lookupType('grpc.HealthAnswer')];
  server.addService(
    { check: method('/grpc.health.v1.Health/Check', question, answer) },
    {
      check: (call: ServerUnaryCall<Fields, Fields>, done: sendUnaryData<Fields>) => {
        if (call.request['service'] === 'none') done({ code: status.NOT_FOUND, details: 'unknown service' });
        else done(null, { status: 1 });
      },
    },
  );
}

/** Only by the older version of the protocol, as many servers. */
function addReflection(server: Server, root: protobuf.Root): void {
  const set = (root as unknown as { toDescriptor(syntax: string): { file: Fields[] } }).toDescriptor(
    'proto3',
  );
  const fileType = (protobuf as unknown as { descriptor: { FileDescriptorProto: Type } }).descriptor
    .FileDescriptorProto;
  const files = set.file.map((file) => Buffer.from(fileType.encode(file).finish()));
  const [question, answer] = [root.lookupType('grpc.Question'), root.lookupType('grpc.Answer')];
  server.addService(
    {
      info: method(
        '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
        question,
        answer,
        true,
        true,
      ),
    },
    {
      info: (call: ServerDuplexStream<Fields, Fields>) => {
        call.on('data', (asked: Fields) => {
          if (asked['list_services'] === undefined)
            call.write({ file_descriptor_response: { file_descriptor_proto: files } });
          else call.write({ list_services_response: { service: [{ name: 'shop.v1.Shop' }] } });
        });
        call.on('end', () => call.end());
      },
    },
  );
}
