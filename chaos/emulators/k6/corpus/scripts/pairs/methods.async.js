// All methods.
import http from 'k6/http';
import { check } from 'k6';

const base = __ENV.BASE_URL;
export const options = { vus: 1, iterations: 1 };

export default async function () {
  const made = await http.asyncRequest('POST', `${base}/items`, JSON.stringify({ name: 'pair', price: 1 }));
  const url = `${base}${made.headers.Location}`;
  const put = await http.asyncRequest('PUT', url, JSON.stringify({ price: 2 }), { tags: { name: 'put' } });
  const patch = await http.asyncRequest('PATCH', url, JSON.stringify({ price: 3 }), {
    tags: { name: 'patch' },
  });
  const gone = await http.asyncRequest('DELETE', url, null, { tags: { name: 'del' } });
  check([put, patch, gone], {
    'in order': ([a, b, c]) => a.json('price') === 2 && b.json('price') === 3 && c.status === 204,
  });
}
