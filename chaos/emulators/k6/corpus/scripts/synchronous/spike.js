// A sudden crowd, with a scenario that begins later.
// requests: 14
import http from 'k6/http';
import { sleep } from 'k6';

export const options = {
  discardResponseBodies: true,
  scenarios: {
    normal: { executor: 'per-vu-iterations', vus: 2, iterations: 2 },
    crowd: { executor: 'per-vu-iterations', vus: 10, iterations: 1, startTime: '200ms' },
  },
};

export default function () {
  http.get(`${__ENV.BASE_URL}/page`);
  sleep(Math.random() * 0.05);
}
