/**
 * URLs as Go's net/url reads and writes them, which is what k6 puts on the wire: a query goes out as it was given, and a path is
 * encoded only when it is not valid as it stands. That differs from URLs of browsers in many corners.
 */
export interface GoUrl {
  /** Lower case; empty when there is none. */
  readonly scheme: string;
  /** Undefined when there are no credentials. */
  readonly user: { readonly name: string; readonly password: string | undefined } | undefined;
  /** With the port, if any. */
  readonly host: string;
  /** As it goes out: escaped. */
  readonly path: string;
  /** Undefined when there is no question mark. */
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

/** The text is Go's. */
export class UrlError extends Error {}

export function parseGoUrl(text: string): GoUrl {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof UrlError) throw new UrlError(`parse ${JSON.stringify(text)}: ${error.message}`);
    throw error;
  }
}

function parse(text: string): GoUrl {
  const hash = text.indexOf('#');
  const whole = hash < 0 ? text : text.slice(0, hash);
  const fragment = hash < 0 ? undefined : text.slice(hash + 1);
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(whole)) throw new UrlError('net/url: invalid control character in URL');
  const { rest: afterScheme, scheme } = cutScheme(whole);
  const mark = afterScheme.indexOf('?');
  const query = mark < 0 ? undefined : afterScheme.slice(mark + 1);
  let rest = mark < 0 ? afterScheme : afterScheme.slice(0, mark);
  if (!rest.startsWith('/')) {
    if (scheme === '' && rest.split('/')[0]?.includes(':') === true) {
      throw new UrlError('first path segment in URL cannot contain colon');
    }
    return {
      fragment,
      host: '',
      path: scheme === '' ? escapedPath(rest) : rest,
      query,
      scheme,
      user: undefined,
    };
  }
  let host = '';
  let user: GoUrl['user'];
  if (rest.startsWith('//') && (scheme !== '' || !rest.startsWith('///'))) {
    const slash = rest.indexOf('/', 2);
    const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
    rest = slash < 0 ? '' : rest.slice(slash);
    ({ host, user } = parseAuthority(authority));
  }
  return { fragment, host, path: escapedPath(rest), query, scheme, user };
}

function cutScheme(text: string): { rest: string; scheme: string } {
  const match = /^([a-zA-Z][a-zA-Z0-9+.-]*)?:/.exec(text);
  if (match === null) return { rest: text, scheme: '' };
  if (match[1] === undefined) throw new UrlError('missing protocol scheme');
  return { rest: text.slice(match[0].length), scheme: match[1].toLowerCase() };
}

function parseAuthority(authority: string): Pick<GoUrl, 'host' | 'user'> {
  const at = authority.lastIndexOf('@');
  const host = parseHost(authority.slice(at + 1));
  if (at < 0) return { host, user: undefined };
  const credentials = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(credentials)) throw new UrlError('net/url: invalid userinfo');
  const colon = credentials.indexOf(':');
  return {
    host,
    user: {
      name: unescape(colon < 0 ? credentials : credentials.slice(0, colon)),
      password: colon < 0 ? undefined : unescape(credentials.slice(colon + 1)),
    },
  };
}

function parseHost(host: string): string {
  let port = '';
  if (host.startsWith('[')) {
    const end = host.lastIndexOf(']');
    if (end < 0) throw new UrlError("missing ']' in host");
    port = host.slice(end + 1);
  } else {
    const colon = host.lastIndexOf(':');
    port = colon < 0 ? '' : host.slice(colon);
  }
  if (!/^(?::\d*)?$/.test(port)) throw new UrlError(`invalid port ${JSON.stringify(port)} after host`);
  const bad = /[^A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"%\u0080-\u{10ffff}]/u.exec(host);
  if (bad !== null) throw new UrlError(`invalid character ${JSON.stringify(bad[0])} in host name`);
  return host;
}

const validInPath = /^[A-Za-z0-9\-._~$&+,/:;=@!'()*[\]%]*$/;

/** As given when that is valid, else decoded and encoded anew. */
function escapedPath(path: string): string {
  const badEscape = /%(?![0-9A-Fa-f]{2}).{0,2}/.exec(path);
  if (badEscape !== null) throw new UrlError(`invalid URL escape ${JSON.stringify(badEscape[0])}`);
  if (validInPath.test(path)) return path;
  const bytes = new TextEncoder().encode(unescape(path));
  return Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9\-._~$&+,/:;=@]/.test(character) ? character : percent(byte);
  }).join('');
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function unescape(text: string): string {
  if (!text.includes('%')) return text;
  const badEscape = /%(?![0-9A-Fa-f]{2}).{0,2}/.exec(text);
  if (badEscape !== null) throw new UrlError(`invalid URL escape ${JSON.stringify(badEscape[0])}`);
  const bytes = new TextEncoder().encode(text);
  const decoded: number[] = [];
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === 0x25) {
      decoded.push(Number.parseInt(String.fromCharCode(bytes[index + 1] ?? 0, bytes[index + 2] ?? 0), 16));
      index += 2;
    } else decoded.push(byte);
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(decoded));
}

export function formatGoUrl({ fragment, host, path, query, scheme, user }: GoUrl): string {
  const credentials = user === undefined ? '' : `${formatUser(user)}@`;
  const authority =
    scheme !== '' || host !== '' || user !== undefined ? authorityOf(host, path, credentials) : '';
  const prefix = scheme === '' ? '' : `${scheme}:`;
  const separator = host !== '' && path !== '' && !path.startsWith('/') ? '/' : '';
  const suffix = `${query === undefined ? '' : `?${query}`}${fragment === undefined ? '' : `#${fragment}`}`;
  return `${prefix}${authority}${separator}${path}${suffix}`;
}

function authorityOf(host: string, path: string, credentials: string): string {
  return host === '' && credentials === '' && !path.startsWith('/') ? '' : `//${credentials}${host}`;
}

function formatUser({ name, password }: NonNullable<GoUrl['user']>): string {
  const encode = (text: string): string =>
    Array.from(new TextEncoder().encode(text), (byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9\-._~$&+,;=]/.test(character) ? character : percent(byte);
    }).join('');
  return password === undefined ? encode(name) : `${encode(name)}:${encode(password)}`;
}

/** What stands in the first line of a request. */
export function requestTarget({ path, query }: GoUrl): string {
  return `${path === '' ? '/' : path}${query === undefined ? '' : `?${query}`}`;
}

/** RFC 3986, section 5.2. */
export function resolveReference(base: GoUrl, reference: string): GoUrl {
  const relative = parseGoUrl(reference);
  if (relative.scheme !== '' || relative.host !== '' || relative.user !== undefined) {
    return {
      ...relative,
      path: withoutDots(relative.path),
      scheme: relative.scheme === '' ? base.scheme : relative.scheme,
    };
  }
  const { fragment } = relative;
  const { host, scheme, user } = base;
  if (relative.path === '') {
    const query = relative.query ?? base.query;
    return { fragment: fragment ?? base.fragment, host, path: base.path, query, scheme, user };
  }
  const path = relative.path.startsWith('/')
    ? relative.path
    : `${base.path.slice(0, base.path.lastIndexOf('/') + 1)}${relative.path}`;
  return {
    fragment,
    host,
    path: withoutDots(path.startsWith('/') ? path : `/${path}`),
    query: relative.query,
    scheme,
    user,
  };
}

function withoutDots(path: string): string {
  if (!/(?:^|\/)\.{1,2}(?:\/|$)/.test(path)) return path;
  const kept: string[] = [];
  const segments = path.split('/');
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
    if ((segment === '..' || segment === '.') && isLast) kept.push('');
  }
  const joined = kept.join('/');
  return joined.startsWith('/') ? joined : `/${joined}`;
}

export function hostnameOf({ host }: GoUrl): string {
  if (host.startsWith('[')) return host.slice(1, host.lastIndexOf(']'));
  const colon = host.lastIndexOf(':');
  return colon < 0 ? host : host.slice(0, colon);
}

/** Undefined when the URL names none. */
export function portOf({ host }: GoUrl): number | undefined {
  const port = /:(\d+)$/.exec(host)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** The text of a URL without its credentials, which do not belong into tags. */
export function withoutCredentials(text: string, { scheme, user }: GoUrl): string {
  if (user === undefined) return text;
  const start = scheme.length + '://'.length;
  const at = text.indexOf('@', start);
  return `${text.slice(0, start)}${user.password === undefined ? '****' : '****:****'}${text.slice(at)}`;
}
