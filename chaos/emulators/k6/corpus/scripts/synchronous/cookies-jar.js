// Puts cookies into the jar and reads them back.
// requests: 3
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const base = __ENV.BASE_URL;
  const jar = http.cookieJar();
  jar.set(base, 'theme', 'dark', { path: '/', max_age: 600 });
  check(http.get(`${base}/cookies`), { 'theme is sent': (r) => r.json('theme') === 'dark' });
  http.get(`${base}/cookies/set?lang=de&seen=1`);
  const known = jar.cookiesForURL(base);
  check(known, {
    'jar knows three': (cookies) => Object.keys(cookies).sort().join() === 'lang,seen,theme',
    'lang is de': (cookies) => cookies.lang[0] === 'de',
  });
  jar.clear(base);
  check(http.get(`${base}/cookies`), { 'none after clear': (r) => Object.keys(r.json()).length === 0 });
}
