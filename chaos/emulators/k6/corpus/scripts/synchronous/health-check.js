// Looks at the answer.
// requests: 5
import http from 'k6/http';
import { check, sleep } from 'k6';

export const options = { vus: 1, iterations: 5, thresholds: { checks: ['rate==1'] } };

export default function () {
  const res = http.get(`${__ENV.BASE_URL}/health`);
  check(res, {
    'status is 200': (r) => r.status === 200,
    'says ok': (r) => r.body === 'ok',
  });
  sleep(0.01);
}
