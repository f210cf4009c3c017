// A form.
import http from 'k6/http';
import { check } from 'k6';

const base = __ENV.BASE_URL;
export const options = { vus: 1, iterations: 2 };

export default function () {
  const res = http.post(`${base}/form`, { csrf: 'c5rf', query: 'x', size: 's' });
  check(res, { 'is answered': (r) => r.body.includes('x in s') });
}
