// An iteration takes a least time.
// requests: 3
import http from 'k6/http';

export const options = {
  iterations: 3,
  minIterationDuration: '30ms',
  thresholds: { http_reqs: ['count==3'], http_req_failed: ['rate==0'] },
};

export default function () {
  http.get(`${__ENV.BASE_URL}/health`);
}
