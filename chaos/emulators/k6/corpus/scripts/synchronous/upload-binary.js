// A body of bytes.
// requests: 1
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const bytes = new Uint8Array(300).fill(65);
  const res = http.post(`${__ENV.BASE_URL}/echo`, bytes.buffer, {
    headers: { 'Content-Type': 'application/octet-stream' },
  });
  check(res, { 'all bytes came': (r) => r.json('bytes') === 300 });
}
