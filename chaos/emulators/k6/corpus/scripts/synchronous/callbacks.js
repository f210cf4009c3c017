// Calls that block inside of array methods.
// requests: 11
import http from 'k6/http';
import { check } from 'k6';

const base = __ENV.BASE_URL;
const load = (id) => http.get(`${base}/items/${id}`).json();

export default function () {
  const items = [1, 2, 3].map(load);
  check(items, { 'map in order': (list) => list.map((one) => one.id).join() === '1,2,3' });
  const dear = [1, 2, 3].filter((id) => load(id).price > 2);
  check(dear, { 'filter by request': (list) => list.join() === '2,3' });
  const sum = [1, 2].reduce((total, id) => total + load(id).price, 0);
  check(sum, { 'reduce by request': (total) => total === 4.5 });
  const found = [1, 2, 3].find((id) => load(id).name.startsWith('bread'));
  check(found, { 'find stops': (id) => id === 2 });
  check(
    [4].some((id) => load(id).id === 4),
    { 'some is true': (is) => is === true },
  );
}
