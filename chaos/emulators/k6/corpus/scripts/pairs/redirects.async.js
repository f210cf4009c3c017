// Redirects count as requests.
import http from 'k6/http';
import { check } from 'k6';

const base = __ENV.BASE_URL;
export const options = { vus: 1, iterations: 2 };

export default async function () {
  const res = await http.asyncRequest('GET', `${base}/redirect/2`);
  check(res, { 'at the end': (r) => r.url.endsWith('/health') });
}
