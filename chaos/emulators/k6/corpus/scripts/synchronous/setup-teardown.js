// Makes data before and takes it away after.
// requests: 6
import http from 'k6/http';
import { check } from 'k6';

export const options = { vus: 2, iterations: 2, setupTimeout: '10s', teardownTimeout: '10s' };

export function setup() {
  const ids = ['one', 'two'].map((name) =>
    http.post(`${__ENV.BASE_URL}/items`, JSON.stringify({ name, price: 1 })).json('id'),
  );
  return { ids };
}

export default function ({ ids }) {
  check(http.get(`${__ENV.BASE_URL}/items/${ids[(__VU - 1) % 2]}`), { 'is there': (r) => r.status === 200 });
}

export function teardown({ ids }) {
  for (const id of ids) http.del(`${__ENV.BASE_URL}/items/${id}`);
}
