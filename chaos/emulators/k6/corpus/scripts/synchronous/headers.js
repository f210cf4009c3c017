// Sends and reads headers.
// requests: 2
import http from 'k6/http';
import { check } from 'k6';

export const options = { userAgent: 'corpus/1.0' };

export default function () {
  const res = http.get(`${__ENV.BASE_URL}/echo`, {
    headers: { 'X-Trace': 'abc', Accept: 'application/json' },
  });
  check(res, {
    'trace came': (r) => r.json('headers.x-trace') === 'abc',
    'agent came': (r) => r.json('headers.user-agent') === 'corpus/1.0',
    'type is json': (r) => r.headers['Content-Type'] === 'application/json',
  });
  const host = http.get(`${__ENV.BASE_URL}/echo`, { headers: { Host: 'shop.example' } });
  check(host, { 'host is set': (r) => r.json('headers.host') === 'shop.example' });
}
