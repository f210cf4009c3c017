// Tags of the VU, of the request and of the options.
// requests: 3
import http from 'k6/http';
import exec from 'k6/execution';
import { check } from 'k6';

export const options = {
  tags: { team: 'shop' },
  thresholds: {
    'http_reqs{team:shop}': ['count==3'],
    'http_reqs{step:two}': ['count==1'],
    'http_reqs{mode:fast}': ['count==2'],
    'checks{mode:fast}': ['rate==1'],
  },
};

export default function () {
  http.get(`${__ENV.BASE_URL}/health`);
  exec.vu.metrics.tags.mode = 'fast';
  const res = http.get(`${__ENV.BASE_URL}/health`, { tags: { step: 'two' } });
  check(res, { ok: (r) => r.status === 200 });
  http.get(`${__ENV.BASE_URL}/health`);
}
