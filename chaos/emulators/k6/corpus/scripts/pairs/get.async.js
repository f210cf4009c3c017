// One request and its check.
import http from 'k6/http';
import { check } from 'k6';

const base = __ENV.BASE_URL;
export const options = { vus: 2, iterations: 6 };

export default async function () {
  const res = await http.asyncRequest('GET', `${base}/health`);
  check(res, { ok: (r) => r.body === 'ok' });
}
