// Metrics of the script's own.
import http from 'k6/http';
import { check } from 'k6';
import { Counter, Rate } from 'k6/metrics';

const base = __ENV.BASE_URL;
export const options = { vus: 1, iterations: 3 };
const seen = new Counter('seen');
const good = new Rate('good');

export default async function () {
  const res = await http.asyncRequest('GET', `${base}/items?limit=4`);
  seen.add(res.json('items.#'), { from: 'list' });
  good.add(res.status === 200);
  check(seen, { 'is a metric': (metric) => metric.name === 'seen' });
}
