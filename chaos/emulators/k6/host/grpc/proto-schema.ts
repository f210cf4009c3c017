/** The services that a client knows, from `.proto` files, from sets of descriptors, or from what a server tells of itself. */
import { isAbsolute, join } from 'node:path';
import type { Method, NamespaceBase, ReflectionObject, Root, Service, Type } from 'protobufjs';
import type { GrpcMethod } from '../../api/grpc-facts.ts';
import { loadDescriptors, loadProtobuf } from './grpc-library.ts';
import { messageFromJson, messageToJson } from './proto-json.ts';

/** Gives the text of a file by its absolute path, or undefined when there is none. */
export type ReadProto = (path: string) => Uint8Array | undefined;

export interface KnownMethod {
  readonly isClientStream: boolean;
  readonly isServerStream: boolean;
  /** Throws for what is no such message. */
  encode(json: string): Buffer;
  decode(bytes: Uint8Array): string;
  /** The message without any value. */
  readonly empty: string;
}

/** Methods by their full names; the same for all VUs. */
export interface ProtoServices {
  readonly methods: ReadonlyMap<string, KnownMethod>;
  readonly infos: readonly GrpcMethod[];
}

/** `importPaths` are absolute. Throws when a file is missing or wrong. */
export function parseProtoFiles(
  importPaths: readonly string[],
  files: readonly string[],
  read: ReadProto,
): ProtoServices {
  const protobuf = loadProtobuf();
  const root = new protobuf.Root();
  const seen = new Set<string>();
  const take = (name: string, from: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const found = readFrom(name, importPaths, read);
    if (found === undefined) {
      const common = protobuf.common.get(name);
      if (common === null)
        throw new Error(`${from === '' ? '' : `${from}: `}could not resolve path "${name}": no such file`);
      root.addJSON(common.nested ?? {});
      return;
    }
    const { imports = [], weakImports = [] } = parseProto(protobuf, found, name, root);
    for (const one of [...imports, ...weakImports]) take(one, name);
  };
  for (const file of files) take(file, '');
  return servicesOf(root);
}

/** Of a serialized `FileDescriptorSet`. */
export function readDescriptorSet(bytes: Uint8Array): ProtoServices {
  const { FileDescriptorSet } = loadDescriptors();
  return servicesOf(rootOf(FileDescriptorSet.decode(bytes)));
}

/** Of serialized `FileDescriptorProto`s. */
export function readDescriptors(files: readonly Uint8Array[]): ProtoServices {
  const { FileDescriptorProto, FileDescriptorSet } = loadDescriptors();
  const file = files.map((bytes) => FileDescriptorProto.decode(bytes));
  return servicesOf(rootOf(FileDescriptorSet.create({ file })));
}

function servicesOf(root: Root): ProtoServices {
  root.resolveAll();
  const infos: GrpcMethod[] = [];
  const methods = new Map<string, KnownMethod>();
  for (const service of servicesIn(root)) {
    for (const method of service.methodsArray) {
      const known = knownMethod(method);
      const fullMethod = `/${service.fullName.slice(1)}/${method.name}`;
      methods.set(fullMethod, known);
      infos.push({
        fullMethod,
        isClientStream: known.isClientStream,
        isServerStream: known.isServerStream,
        name: method.name,
        package: service.fullName.slice(1, -service.name.length - 1),
        service: service.name,
      });
    }
  }
  return { infos, methods };
}

function rootOf(set: object): Root {
  const { Root: RootClass } = loadProtobuf() as unknown as {
    Root: { fromDescriptor(descriptor: object): Root };
  };
  return RootClass.fromDescriptor(set);
}

function parseProto(
  protobuf: ReturnType<typeof loadProtobuf>,
  bytes: Uint8Array,
  name: string,
  root: Root,
): { imports?: string[] | undefined; weakImports?: string[] | undefined } {
  try {
    return protobuf.parse(Buffer.from(bytes).toString(), root, { keepCase: true });
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function readFrom(name: string, importPaths: readonly string[], read: ReadProto): Uint8Array | undefined {
  if (isAbsolute(name)) return read(name);
  for (const folder of importPaths) {
    const bytes = read(join(folder, name));
    if (bytes !== undefined) return bytes;
  }
  return undefined;
}

function servicesIn(namespace: NamespaceBase): Service[] {
  return namespace.nestedArray.flatMap((one: ReflectionObject): Service[] => {
    if ('methodsArray' in one) return [one as Service];
    return 'nestedArray' in one ? servicesIn(one as NamespaceBase) : [];
  });
}

function resolved(method: Method): Method {
  method.resolve();
  return method;
}

function knownMethod(method: Method): KnownMethod {
  const { requestStream, resolvedRequestType, resolvedResponseType, responseStream } = resolved(method);
  const request: Type | null = resolvedRequestType;
  const response: Type | null = resolvedResponseType;
  if (request === null || response === null) throw new Error(`the types of ${method.fullName} are not known`);
  return {
    decode: (bytes) => JSON.stringify(messageToJson(response, response.decode(bytes))),
    get empty() {
      return JSON.stringify(messageToJson(response, {}));
    },
    encode: (json) => Buffer.from(request.encode(messageFromJson(request, JSON.parse(json))).finish()),
    isClientStream: requestStream === true,
    isServerStream: responseStream === true,
  };
}
