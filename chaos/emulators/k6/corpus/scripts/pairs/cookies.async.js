// Cookies that the service sets.
import http from 'k6/http';
import { check } from 'k6';

const base = __ENV.BASE_URL;
export const options = { vus: 1, iterations: 3 };

export default async function () {
  await http.asyncRequest('GET', `${base}/cookies/set?a=1&b=2`);
  const res = await http.asyncRequest('GET', `${base}/cookies`);
  check(res, { 'both are sent': (r) => r.json('a') === '1' && r.json('b') === '2' });
}
