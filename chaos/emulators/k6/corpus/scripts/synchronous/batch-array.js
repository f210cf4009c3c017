// Loads three things of a page at once.
// requests: 9
import http from 'k6/http';
import { check } from 'k6';

export const options = { iterations: 3, batch: 10, batchPerHost: 3 };

export default function () {
  const base = __ENV.BASE_URL;
  const [one, two, three] = http.batch([
    ['GET', `${base}/items/1`, null, { tags: { name: 'item' } }],
    ['GET', `${base}/items/2`],
    `${base}/health`,
  ]);
  check(one, { 'first is apple': (r) => r.json('name').startsWith('apple') });
  check(two, { 'second is bread': (r) => r.json('name').startsWith('bread') });
  check(three, { healthy: (r) => r.body === 'ok' });
}
