/** Asks a server for its services, by `grpc.reflection.v1` or the version before (https://grpc.io/docs/guides/reflection). */
import type { Client, Metadata } from '@grpc/grpc-js';
import { loadProtobuf } from './grpc-library.ts';

/** The fields of the protocol that are used here. */
const schema = `syntax = "proto3";
message Request { oneof request { string file_by_filename = 3; string file_containing_symbol = 4; string list_services = 7; } }
message Answer { Files files = 4; Services services = 6; Failure failure = 7; }
message Files { repeated bytes files = 1; }
message Services { repeated Named services = 1; }
message Named { string name = 1; }
message Failure { int32 code = 1; string message = 2; }`;

interface Answer {
  readonly files?: { readonly files: readonly Uint8Array[] };
  readonly services?: { readonly services: readonly { readonly name: string }[] };
  readonly failure?: { readonly code: number; readonly message: string };
}

type Question = { file_by_filename: string } | { file_containing_symbol: string } | { list_services: string };

const unimplemented = 12;
const versions = ['v1', 'v1alpha'] as const;

/** The serialized descriptors of all files behind the services. Rejects when the server tells nothing of itself. */
export async function reflect(client: Client, metadata: Metadata, deadlineMs: number): Promise<Uint8Array[]> {
  let refusal: unknown;
  for (const version of versions) {
    const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    try {
      // One version is tried behind the other.
      // oxlint-disable-next-line no-await-in-loop
      return await askAll(client, path, metadata, deadlineMs);
    } catch (error) {
      refusal = error;
      if (!isUnimplemented(error)) break;
    }
  }
  throw refusal;
}

function isUnimplemented(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === unimplemented;
}

async function askAll(
  client: Client,
  path: string,
  metadata: Metadata,
  deadlineMs: number,
): Promise<Uint8Array[]> {
  const { root } = loadProtobuf().parse(schema, { keepCase: true });
  const request = root.lookupType('Request');
  const answer = root.lookupType('Answer');
  const call = client.makeBidiStreamRequest<Question, Answer>(
    path,
    (question) => Buffer.from(request.encode(request.create(question)).finish()),
    (bytes) => answer.toObject(answer.decode(bytes)) as Answer,
    metadata,
    { deadline: deadlineMs },
  );
  const answers = call[Symbol.asyncIterator]() as AsyncIterator<Answer>;
  const ask = async (question: Question): Promise<Answer> => {
    call.write(question);
    const { done, value } = await answers.next();
    if (done === true) throw new Error('the server ended the reflection');
    if (value.failure !== undefined) throw new Error(value.failure.message);
    return value;
  };
  try {
    const { services } = await ask({ list_services: '*' });
    const files = new Map<string, Uint8Array>();
    const missing: Question[] = (services?.services ?? []).map(({ name }) => ({
      file_containing_symbol: name,
    }));
    for (let question = missing.shift(); question !== undefined; question = missing.shift()) {
      // An answer tells what to ask next.
      // oxlint-disable-next-line no-await-in-loop
      const { files: given } = await ask(question);
      for (const bytes of given?.files ?? []) {
        const { dependencies, name } = headOf(bytes);
        if (files.has(name)) continue;
        files.set(name, bytes);
        missing.push(...dependencies.map((one) => ({ file_by_filename: one })));
      }
    }
    return [...files.values()];
  } finally {
    call.end();
  }
}

const descriptorHead = `syntax = "proto3"; message File { string name = 1; repeated string dependency = 3; }`;

function headOf(bytes: Uint8Array): { name: string; dependencies: readonly string[] } {
  const { root } = loadProtobuf().parse(descriptorHead, { keepCase: true });
  const file = root.lookupType('File');
  const { dependency, name } = file.toObject(file.decode(bytes), { defaults: true });
  return { dependencies: dependency as string[], name: String(name) };
}
