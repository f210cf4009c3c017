// A batch whose requests are computed.
// requests: 12
import http from 'k6/http';
import { check } from 'k6';

export const options = {
  vus: 2,
  iterations: 2,
  thresholds: { checks: [{ threshold: 'rate>0.95', abortOnFail: false }] },
};

export default function () {
  const requests = [];
  for (let id = 1; id <= 6; id++) {
    requests.push({
      method: 'GET',
      url: `${__ENV.BASE_URL}/items/${id}`,
      params: { tags: { name: 'ItemById' } },
    });
  }
  const responses = http.batch(requests);
  for (const res of responses) {
    check(res, { 'item has a price': (r) => r.json('price') > 0 });
  }
}
