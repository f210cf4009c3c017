// All methods.
import http from 'k6/http';
import { check } from 'k6';

const base = __ENV.BASE_URL;
export const options = { vus: 1, iterations: 1 };

export default function () {
  const made = http.post(`${base}/items`, JSON.stringify({ name: 'pair', price: 1 }));
  const url = `${base}${made.headers.Location}`;
  const put = http.put(url, JSON.stringify({ price: 2 }), { tags: { name: 'put' } });
  const patch = http.patch(url, JSON.stringify({ price: 3 }), { tags: { name: 'patch' } });
  const gone = http.del(url, null, { tags: { name: 'del' } });
  check([put, patch, gone], {
    'in order': ([a, b, c]) => a.json('price') === 2 && b.json('price') === 3 && c.status === 204,
  });
}
