/** The parameters of a WebSocket as the script gives them, which both modules for them read alike. */
import { CookieJar } from './cookie-jar.ts';
import { GoError } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import type { SocketSpec } from './socket-facts.ts';
import { withTags } from './tags.ts';

type Params = Pick<SocketSpec, 'compression' | 'headers' | 'jar' | 'tags'>;

interface Reading {
  /** As it begins the error about wrong tags. */
  readonly tagError: string;
  /** Gives what to throw for a parameter of an unknown name; undefined passes it over. */
  unknown(name: string): string | undefined;
  readonly allowsEmptyCompression: boolean;
}

export function readSocketParams(kernel: Kernel, params: unknown, reading: Reading): Params {
  const found: { -readonly [Name in keyof Params]: Params[Name] } = {
    compression: false,
    headers: [],
    jar: undefined,
    tags: kernel.tags,
  };
  if (params === undefined || params === null) return found;
  for (const [name, value] of Object.entries(Object(params) as Record<string, unknown>)) {
    switch (name) {
      case 'compression':
        found.compression = readCompression(value, reading);
        break;
      case 'headers':
        found.headers =
          value === undefined || value === null
            ? []
            : Object.entries(Object(value)).map(([header, text]) => [header, String(text)] as const);
        break;
      case 'jar':
        if (value instanceof CookieJar) found.jar = value.handle;
        break;
      case 'tags':
        found.tags = readTags(kernel, value, reading);
        break;
      default: {
        const refusal = reading.unknown(name);
        if (refusal !== undefined) throw new GoError(refusal);
      }
    }
  }
  return found;
}

function readCompression(value: unknown, { allowsEmptyCompression }: Reading): boolean {
  const algorithm = String(value).trim();
  if (algorithm === '' && allowsEmptyCompression) return false;
  if (algorithm === 'deflate') return true;
  throw new GoError(`unsupported compression algorithm '${algorithm}', supported algorithm is 'deflate'`);
}

function readTags(kernel: Kernel, value: unknown, { tagError }: Reading): SocketSpec['tags'] {
  try {
    return withTags(kernel.tags, value);
  } catch (error) {
    throw new GoError(`${tagError}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
