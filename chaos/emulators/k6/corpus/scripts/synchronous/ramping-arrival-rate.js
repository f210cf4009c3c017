// The rate itself rises.
// requests: >5
import http from 'k6/http';

export const options = {
  scenarios: {
    rising: {
      executor: 'ramping-arrival-rate',
      startRate: 5,
      timeUnit: '1s',
      preAllocatedVUs: 4,
      stages: [
        { target: 30, duration: '600ms' },
        { target: 0, duration: '200ms' },
      ],
    },
  },
  thresholds: { http_req_failed: ['rate==0'], 'http_reqs{scenario:rising}': ['count>5'] },
};

export default function () {
  http.get(`${__ENV.BASE_URL}/items/5`);
}
