/** What scripts do with cookie jars: that of their VU, or one of their own. */
import type { Asked, Handle, Outcome } from '../api/host.ts';
import type { RunState } from '../engine/run-state.ts';
import type { VirtualUser } from '../engine/virtual-user.ts';
import { messageOf } from '../errors.ts';
import { CookieJar } from '../http/cookie-jar.ts';
import { parseGoUrl } from '../http/go-url.ts';
import type { GoUrl } from '../http/go-url.ts';
import { parseCookieDate } from '../http/cookie-date.ts';

type CookieCalls = Pick<Asked, 'clearCookies' | 'cookiesFor' | 'deleteCookie' | 'newJar' | 'setCookie'>;

/** A jar that a script made itself. */
class OwnJar implements Handle {
  readonly handle = true;
  readonly jar = new CookieJar();
}

export function jarOf(vu: VirtualUser, handle: Handle | undefined): CookieJar {
  return handle instanceof OwnJar ? handle.jar : vu.cookieJar;
}

export function createCookieCalls({ clock }: RunState, vu: VirtualUser): CookieCalls {
  const withUrl = <Value>(text: string, use: (url: GoUrl) => Outcome<Value>): Outcome<Value> => {
    try {
      return use(parseGoUrl(text));
    } catch (error) {
      return { message: messageOf(error), ok: false };
    }
  };
  const done: Outcome<undefined> = { ok: true, value: undefined };
  return {
    clearCookies: (jar, url) =>
      withUrl(url, (parsed) => {
        jarOf(vu, jar).clear(parsed, clock.nowMs());
        return done;
      }),
    cookiesFor: (jar, url) =>
      withUrl(url, (parsed) => ({
        ok: true,
        value: jarOf(vu, jar)
          .forUrl(parsed, clock.nowMs())
          .map(({ name, value }) => [name, value] as const),
      })),
    deleteCookie: (jar, url, name) =>
      withUrl(url, (parsed) => {
        jarOf(vu, jar).delete(parsed, name);
        return done;
      }),
    newJar: () => new OwnJar(),
    setCookie: (jar, url, { expires, maxAgeSeconds, ...cookie }) =>
      withUrl(url, (parsed) => {
        const expiresMs = expires === '' ? undefined : parseCookieDate(expires);
        if (expires !== '' && expiresMs === undefined) {
          return { message: `unable to parse "expires" date string "${expires}"`, ok: false };
        }
        const settings = { ...cookie, expiresMs, maxAgeSeconds: Math.max(maxAgeSeconds, -1) };
        jarOf(vu, jar).set(settings, parsed, clock.nowMs());
        return done;
      }),
  };
}
