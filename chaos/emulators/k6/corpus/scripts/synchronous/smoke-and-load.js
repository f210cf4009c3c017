// One script for several loads, chosen by name.
// requests: 4
import http from 'k6/http';
import { check } from 'k6';

const loads = {
  smoke: { executor: 'shared-iterations', vus: 1, iterations: 4 },
  load: { executor: 'constant-vus', vus: 50, duration: '5m' },
};
const chosen = __ENV.LOAD || 'smoke';

export const options = {
  scenarios: { [chosen]: loads[chosen] },
  thresholds: { http_req_failed: ['rate<0.01'], http_req_duration: ['p(95)<20000'] },
};

export default function () {
  check(http.get(`${__ENV.BASE_URL}/items`), { 'has items': (r) => r.json('items').length > 0 });
}
