// Follows redirects, or not.
// requests: 5
import http from 'k6/http';
import { check } from 'k6';

export const options = { maxRedirects: 5 };

export default function () {
  const res = http.get(`${__ENV.BASE_URL}/redirect/3`);
  check(res, { 'ends at health': (r) => r.status === 200 && r.url.endsWith('/health') });
  const first = http.get(`${__ENV.BASE_URL}/redirect/3`, { redirects: 0 });
  check(first, { 'stays at 302': (r) => r.status === 302 && r.headers.Location === '/redirect/2' });
}
