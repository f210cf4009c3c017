// Requests that fail, with and without an answer.
import http from 'k6/http';
import { check } from 'k6';

const base = __ENV.BASE_URL;
export const options = { vus: 1, iterations: 2 };

export default async function () {
  const refused = await http.asyncRequest('GET', 'http://127.0.0.1:1/', null, { tags: { name: 'refused' } });
  const missing = await http.asyncRequest('GET', `${base}/items/999`);
  check([refused, missing], { 'as they are': ([a, b]) => a.error_code === 1212 && b.status === 404 });
}
