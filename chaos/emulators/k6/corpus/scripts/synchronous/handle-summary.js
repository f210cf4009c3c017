// A summary of its own.
// requests: 2
import http from 'k6/http';

export const options = {
  iterations: 2,
  thresholds: { http_reqs: ['count==2'], http_req_failed: ['rate==0'] },
};

export default function () {
  http.get(`${__ENV.BASE_URL}/health`);
}

export function handleSummary(data) {
  const count = data.metrics.http_reqs.values.count;
  return { stdout: `requests: ${count}, checks: ${data.root_group.checks.length}\n` };
}
