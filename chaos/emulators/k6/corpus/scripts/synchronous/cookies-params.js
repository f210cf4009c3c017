// Cookies of a single request, which may replace those of the jar.
// requests: 3
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const base = __ENV.BASE_URL;
  http.cookieJar().set(base, 'flavour', 'jar');
  const params = { cookies: { flavour: { value: 'once', replace: true }, extra: 'x' } };
  check(http.get(`${base}/cookies`, params), {
    'replaced once': (r) => r.json('flavour') === 'once',
    'extra is there': (r) => r.json('extra') === 'x',
  });
  const after = http.get(`${base}/cookies`);
  check(after, { 'jar is as before': (r) => r.json('flavour') === 'jar' && r.json('extra') === undefined });
  const own = http.get(`${base}/cookies`, { jar: new http.CookieJar() });
  check(own, { 'another jar is empty': (r) => JSON.stringify(r.json()) === '{}' });
}
