// Tags of requests.
import http from 'k6/http';
import { check } from 'k6';

const base = __ENV.BASE_URL;
export const options = { vus: 1, iterations: 2, tags: { team: 'shop' } };

export default function () {
  const one = http.get(`${base}/items/1`, { tags: { name: 'item', step: 'one' } });
  const two = http.get(http.url`${base}/items/${2}`);
  check([one, two], { 'in order': ([a, b]) => a.json('id') === 1 && b.json('id') === 2 }, { step: 'check' });
}
