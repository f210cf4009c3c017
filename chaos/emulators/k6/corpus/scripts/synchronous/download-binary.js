// Bytes of an answer as an ArrayBuffer.
// requests: 2
import http from 'k6/http';
import { check } from 'k6';
import crypto from 'k6/crypto';

export default function () {
  const res = http.get(`${__ENV.BASE_URL}/bytes/1000`, { responseType: 'binary' });
  check(res, {
    'thousand bytes': (r) => r.body.byteLength === 1000,
    'all sevens': (r) => new Uint8Array(r.body).every((byte) => byte === 7),
    'hash has 64 digits': (r) => crypto.sha256(r.body, 'hex').length === 64,
  });
  const none = http.get(`${__ENV.BASE_URL}/bytes/1000`, { responseType: 'none' });
  check(none, { 'no body kept': (r) => r.body === null });
}
