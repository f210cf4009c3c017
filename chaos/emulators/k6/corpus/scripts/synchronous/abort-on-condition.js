// Stops an iteration early with fail(), which is counted, and goes on with the next.
// requests: 3
import http from 'k6/http';
import { check, fail } from 'k6';

export const options = { iterations: 3 };

export default function () {
  const res = http.get(`${__ENV.BASE_URL}/items/1`);
  if (!check(res, { 'item is there': (r) => r.status === 200 })) fail('no item');
  if (__ITER === 1) fail('the second one ends here');
}
