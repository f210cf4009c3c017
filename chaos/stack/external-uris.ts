/** The addresses of a stack that is not the harness's own, checked before anything is connected to. */
import { UsageError } from '../errors.ts';

export interface ExternalUris {
  readonly redis: URL;
  readonly mongo: URL;
  readonly toxiproxy: URL;
}

export interface GivenUris {
  readonly redis?: string | undefined;
  readonly mongo?: string | undefined;
  readonly toxiproxy?: string | undefined;
}

const fields = {
  redis: { flag: '--redis-uri', protocols: ['redis:'], example: 'redis://127.0.0.1:6379' },
  mongo: {
    flag: '--mongo-uri',
    protocols: ['mongodb:'],
    example: 'mongodb://127.0.0.1:27017/?replicaSet=rs0',
  },
  toxiproxy: { flag: '--toxiproxy-uri', protocols: ['http:', 'https:'], example: 'http://127.0.0.1:8474' },
} as const;

/** Throws `UsageError`, naming the flag. */
export function parseExternalUris(given: GivenUris): ExternalUris {
  return { redis: parse('redis', given), mongo: parse('mongo', given), toxiproxy: parse('toxiproxy', given) };
}

export function flagOf(part: keyof ExternalUris): string {
  return fields[part].flag;
}

function parse(part: keyof ExternalUris, given: GivenUris): URL {
  const { flag, protocols, example } = fields[part];
  const text = given[part];
  const remedy = `give one address, such as ${flag} ${example}`;
  if (text === undefined || text === '')
    throw new UsageError(`${flag} is missing: an external stack needs it`, remedy);
  if (part === 'mongo' && (text.startsWith('mongodb+srv:') || /^mongodb:\/\/[^/]*,/.test(text))) {
    throw new UsageError(`${flag} names several servers, of which a proxy can stand before only one`, remedy);
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const known: readonly string[] = protocols;
  if (url === undefined || !known.includes(url.protocol) || url.hostname === '') {
    throw new UsageError(
      `${flag} "${withoutPassword(text)}" is no ${protocols.join(' or ')} address`,
      remedy,
    );
  }
  return url;
}

/** `host:port`, with the protocol's own port where none is named. */
export function hostAndPort(url: URL): string {
  const standard =
    { 'redis:': '6379', 'mongodb:': '27017', 'http:': '80', 'https:': '443' }[url.protocol] ?? '';
  return `${url.hostname}:${url.port === '' ? standard : url.port}`;
}

/** For messages: an address without the password in it. */
export function withoutPassword(text: string): string {
  return text.replace(/(\/\/[^:@/]*):[^@/]*@/, '$1:***@');
}

/** The same address, but at another place. */
export function movedTo(url: URL, host: string, port: number): URL {
  const moved = new URL(url);
  moved.host = `${host}:${port}`;
  return moved;
}
