// Ramps up and down by stages.
// requests: >0
import http from 'k6/http';
import { check, sleep } from 'k6';

export const options = {
  stages: [
    { duration: '300ms', target: 3 },
    { duration: '400ms', target: 3 },
    { duration: '200ms', target: 0 },
  ],
  thresholds: { checks: ['rate>0.9'] },
};

export default function () {
  check(http.get(`${__ENV.BASE_URL}/health`), { up: (r) => r.status === 200 });
  sleep(0.05);
}
