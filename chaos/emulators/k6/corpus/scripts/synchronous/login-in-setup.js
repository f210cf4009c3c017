// Logs in once for all VUs.
// requests: 5
import http from 'k6/http';
import { check, fail } from 'k6';

export const options = { vus: 2, iterations: 4, thresholds: { http_req_failed: ['rate<0.01'] } };

export function setup() {
  const res = http.post(`${__ENV.BASE_URL}/login`, { user: 'cy', password: 'secret-c' });
  if (res.status !== 200) fail(`no login: ${res.status}`);
  return { token: res.json('token') };
}

export default function (data) {
  const res = http.get(`${__ENV.BASE_URL}/account`, { headers: { Authorization: 'Bearer ' + data.token } });
  check(res, { 'account is there': (r) => r.status === 200 });
}
