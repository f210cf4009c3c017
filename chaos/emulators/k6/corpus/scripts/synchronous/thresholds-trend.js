// Limits on the time of a request, by tag.
// requests: 8
import http from 'k6/http';

export const options = {
  vus: 2,
  iterations: 4,
  thresholds: {
    http_req_duration: ['p(95)<15000', 'avg<15000'],
    'http_req_duration{page:list}': ['p(90)<15000'],
    http_req_failed: [{ threshold: 'rate<0.5', abortOnFail: true, delayAbortEval: '1s' }],
    http_reqs: ['count>=8'],
  },
};

export default function () {
  http.get(`${__ENV.BASE_URL}/items`, { tags: { page: 'list' } });
  http.get(`${__ENV.BASE_URL}/page`, { tags: { page: 'start' } });
}
