// Twenty iterations begin each second, however long they take.
// requests: >5
import http from 'k6/http';
import { check } from 'k6';

export const options = {
  scenarios: {
    steady: {
      executor: 'constant-arrival-rate',
      rate: 20,
      timeUnit: '1s',
      duration: '1s',
      preAllocatedVUs: 5,
      maxVUs: 10,
    },
  },
  thresholds: { http_req_failed: ['rate<0.01'] },
};

export default function () {
  check(http.get(`${__ENV.BASE_URL}/slow/20`), { 'came late': (r) => r.body === 'late' });
}
