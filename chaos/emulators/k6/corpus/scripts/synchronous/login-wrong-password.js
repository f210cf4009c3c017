// A refused login is expected and is no failed request.
// requests: 2
import http from 'k6/http';
import { check } from 'k6';

export const options = {
  iterations: 2,
  thresholds: { http_req_failed: ['rate==0'], checks: ['rate==1'] },
};
http.setResponseCallback(http.expectedStatuses(401));

export default function () {
  const res = http.post(`${__ENV.BASE_URL}/login`, { user: 'ann', password: 'guess' });
  check(res, { 'is refused': (r) => r.status === 401, 'says why': (r) => r.json('error').includes('wrong') });
}
