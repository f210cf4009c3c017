// An async function that also uses calls that block.
// requests: 3
import http from 'k6/http';
import { check } from 'k6';

export default async function () {
  const first = http.get(`${__ENV.BASE_URL}/items/1`);
  const second = await http.asyncRequest('GET', `${__ENV.BASE_URL}/items/2`);
  const third = await Promise.resolve().then(() => http.get(`${__ENV.BASE_URL}/items/3`));
  check([first, second, third], { 'all three': (list) => list.map((r) => r.json('id')).join() === '1,2,3' });
}
