/** One `Set-Cookie` line of an answer (RFC 6265, section 5.2), as Go reads it. */
import { isToken } from './header-names.ts';
import { parseCookieDate } from './cookie-date.ts';

export interface ReceivedCookie {
  readonly name: string;
  readonly value: string;
  /** As the line has it; empty when it has none. */
  readonly domain: string;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** Seconds; -1 for a cookie that is to go, 0 when the line says nothing. */
  readonly maxAgeSeconds: number;
  readonly expiresMs: number | undefined;
}

type Draft = { -readonly [Name in keyof ReceivedCookie]: ReceivedCookie[Name] };

/** Undefined for a line that is no cookie. */
export function parseSetCookie(line: string): ReceivedCookie | undefined {
  const [pair = '', ...attributes] = line.split(';');
  const separator = pair.indexOf('=');
  if (separator < 0) return undefined;
  const name = pair.slice(0, separator).trim();
  const value = pair
    .slice(separator + 1)
    .trim()
    .replace(/^"(.*)"$/, '$1');
  if (!isToken(name) || !isCookieValue(value)) return undefined;
  const cookie: Draft = {
    domain: '',
    expiresMs: undefined,
    httpOnly: false,
    maxAgeSeconds: 0,
    name,
    path: '',
    secure: false,
    value,
  };
  for (const attribute of attributes) readAttribute(cookie, attribute.trim());
  return cookie;
}

function readAttribute(cookie: Draft, attribute: string): void {
  const equals = attribute.indexOf('=');
  const name = (equals < 0 ? attribute : attribute.slice(0, equals)).trim().toLowerCase();
  const value =
    equals < 0
      ? ''
      : attribute
          .slice(equals + 1)
          .trim()
          .replace(/^"(.*)"$/, '$1');
  switch (name) {
    case 'domain':
      cookie.domain = value;
      break;
    case 'expires':
      cookie.expiresMs = parseCookieDate(value);
      break;
    case 'httponly':
      cookie.httpOnly = true;
      break;
    case 'max-age':
      // A leading zero makes it no number, as in Go.
      if (/^-?(?:0|[1-9]\d*)$/.test(value)) cookie.maxAgeSeconds = Number(value) <= 0 ? -1 : Number(value);
      break;
    case 'path':
      cookie.path = value;
      break;
    case 'secure':
      cookie.secure = true;
      break;
    default:
  }
}

function isCookieValue(value: string): boolean {
  return /^[\u0020\u0021\u0023-\u003a\u003c-\u005b\u005d-\u007e]*$/.test(value);
}
