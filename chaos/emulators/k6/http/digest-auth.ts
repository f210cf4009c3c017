/** Digest authentication (RFC 2617 and 7616): the answer to a challenge of a server. */
import { createHash } from 'node:crypto';

export interface DigestRequest {
  readonly method: string;
  readonly target: string;
  readonly body: string;
  readonly user: string;
  readonly password: string;
  /** Of the client, new for each answer. */
  readonly nonce: string;
}

const hashes: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
};

/** The `Authorization` header; undefined for a challenge that is none of digest or asks for an unknown hash. */
export function digestAuthorization(challenge: string, request: DigestRequest): string | undefined {
  const given = parseChallenge(challenge);
  if (given === undefined) return undefined;
  const algorithm = given.get('algorithm') ?? 'MD5';
  const isSession = algorithm.toLowerCase().endsWith('-sess');
  const hash = hashes[algorithm.toUpperCase().replace(/-SESS$/, '')];
  if (hash === undefined) return undefined;
  const digest = (text: string): string => createHash(hash).update(text).digest('hex');
  const realm = given.get('realm') ?? '';
  const nonce = given.get('nonce') ?? '';
  const offered = (given.get('qop') ?? '').split(',').map((one) => one.trim());
  const quality = offered.includes('auth') ? 'auth' : offered.includes('auth-int') ? 'auth-int' : '';
  const user = digest(`${request.user}:${realm}:${request.password}`);
  const secret = isSession ? digest(`${user}:${nonce}:${request.nonce}`) : user;
  const entity = quality === 'auth-int' ? `:${digest(request.body)}` : '';
  const asked = digest(`${request.method}:${request.target}${entity}`);
  const count = '00000001';
  const response =
    quality === ''
      ? digest(`${secret}:${nonce}:${asked}`)
      : digest(`${secret}:${nonce}:${count}:${request.nonce}:${quality}:${asked}`);
  const fields = [
    `username="${request.user}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${request.target}"`,
    `response="${response}"`,
    ...(given.has('algorithm') ? [`algorithm=${algorithm}`] : []),
    ...(given.has('opaque') ? [`opaque="${given.get('opaque') ?? ''}"`] : []),
    ...(quality === '' ? [] : [`qop=${quality}`, `nc=${count}`, `cnonce="${request.nonce}"`]),
  ];
  return `Digest ${fields.join(', ')}`;
}

function parseChallenge(challenge: string): Map<string, string> | undefined {
  const start = /(?:^|,\s*)digest\s+/i.exec(challenge);
  if (start === null) return undefined;
  const fields = new Map<string, string>();
  const pair = /([a-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/gi;
  for (const [, name = '', quoted, bare] of challenge.slice(start.index + start[0].length).matchAll(pair)) {
    fields.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '');
  }
  return fields;
}
