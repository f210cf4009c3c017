/** The parameters of gRPC connections and calls as scripts give them. */
import { parseDuration } from '../options/duration.ts';
import { isBinary, bytesOf } from './binary.ts';
import { goText } from './go-text.ts';
import type { GrpcCallSpec, GrpcConnectSpec, GrpcMetadata } from './grpc-facts.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { withTags } from './tags.ts';

const connectTimeoutMs = 60_000;

type ConnectParams = Omit<GrpcConnectSpec, 'address' | 'client'>;
type CallParams = Pick<GrpcCallSpec, 'discards' | 'metadata' | 'tags' | 'timeoutMs'>;

/** Throws for parameters of another name or kind. */
export function readConnectParams(kernel: Kernel, given: unknown): ConnectParams {
  const found: { -readonly [Name in keyof ConnectParams]: ConnectParams[Name] } = {
    authority: '',
    maxReceiveBytes: 0,
    maxSendBytes: 0,
    plaintext: false,
    reflect: false,
    reflectMetadata: [],
    timeoutMs: connectTimeoutMs,
    tls: { cacerts: [] },
  };
  for (const [name, value] of entriesOf(given)) {
    switch (name) {
      case 'authority':
        if (typeof value !== 'string') throw wrong(name, value, 'it needs to be a string');
        found.authority = value;
        break;
      case 'maxReceiveSize':
        found.maxReceiveBytes = sizeOf(name, value);
        break;
      case 'maxSendSize':
        found.maxSendBytes = sizeOf(name, value);
        break;
      case 'plaintext':
      case 'reflect':
        if (typeof value !== 'boolean') throw wrong(name, value, 'it needs to be boolean');
        found[name] = value;
        break;
      case 'reflectMetadata':
        found.reflectMetadata = readMetadata(kernel, name, value);
        break;
      case 'timeout':
        found.timeoutMs = durationOf(value);
        break;
      case 'tls':
        found.tls = readTls(value);
        break;
      default:
        throw new GoError(`unknown connect param: ${JSON.stringify(name)}`);
    }
  }
  return found;
}

export function readCallParams(kernel: Kernel, given: unknown): CallParams {
  const found: { -readonly [Name in keyof CallParams]: CallParams[Name] } = {
    discards: false,
    metadata: [],
    tags: kernel.tags,
    timeoutMs: 0,
  };
  for (const [name, value] of entriesOf(given)) {
    switch (name) {
      case 'discardResponseMessage':
        found.discards = Boolean(value);
        break;
      case 'metadata':
        found.metadata = readMetadata(kernel, name, value);
        break;
      case 'tags':
        found.tags = withTags(kernel.tags, value);
        break;
      case 'timeout':
        found.timeoutMs = durationOf(value);
        break;
      default:
        throw new GoError(`unknown param: ${JSON.stringify(name)}`);
    }
  }
  return found;
}

function entriesOf(given: unknown): [string, unknown][] {
  return given === undefined || given === null ? [] : Object.entries(Object(given));
}

function wrong(name: string, value: unknown, need: string): GoError {
  return new GoError(`invalid ${name} value: '${goText(value)}', ${need}`);
}

function sizeOf(name: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw wrong(name, value, 'it needs to be an integer');
  if (value < 0) throw wrong(name, value, 'it needs to be a positive integer');
  return value;
}

function durationOf(value: unknown): number {
  const durationMs = typeof value === 'number' ? value : parseDuration(String(value));
  if (durationMs === undefined) {
    throw new GoError(`invalid timeout value: unable to use '${goText(value)}' as a duration`);
  }
  return durationMs;
}

function readMetadata(kernel: Kernel, what: string, value: unknown): GrpcMetadata {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new GoError(`invalid ${what} param: must be an object with key-value pairs`);
  }
  return Object.entries(value).map(([name, one]: [string, unknown]) => {
    if (name.endsWith('-bin')) {
      if (!isBinary(one))
        throw new GoError(`invalid ${what} param: ${JSON.stringify(name)} value must be binary`);
      return [name, bytesOf(kernel, one)] as const;
    }
    if (typeof one !== 'string')
      throw new GoError(`invalid ${what} param: ${JSON.stringify(name)} value must be a string`);
    return [name, one] as const;
  });
}

function readTls(value: unknown): GrpcConnectSpec['tls'] {
  if (typeof value !== 'object' || value === null) {
    throw wrong('tls', value, 'expected (optional) keys: cert, key, password, and cacerts');
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const text = (name: string): string | undefined => {
    const one = fields.get(name);
    if (one !== undefined && typeof one !== 'string')
      throw wrong(`tls ${name}`, value, 'it needs to be a PEM formatted string');
    return one;
  };
  const [cert, key, password] = [text('cert'), text('key'), text('password')];
  const given = fields.get('cacerts') ?? [];
  const cacerts: unknown[] = Array.isArray(given) ? given : [given];
  if (!cacerts.every((one) => typeof one === 'string')) {
    throw wrong('tls cacerts', value, 'it needs to be a string or an array of PEM formatted strings');
  }
  return {
    cacerts,
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(password === undefined ? {} : { password }),
  };
}
