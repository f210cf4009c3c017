// Picks parts of a JSON answer.
// requests: 1
import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const res = http.get(`${__ENV.BASE_URL}/items?limit=4`);
  check(res, {
    'count by #': (r) => r.json('items.#') === 4,
    'names by #.name': (r) => r.json('items.#.name').length === 4,
    'first dear one': (r) => r.json('items.#(price>3).id') === 3,
    'all dear ones': (r) => r.json('items.#(price>3)#.id').join() === '3,4',
    'by index': (r) => r.json('items.1.id') === 2,
    'what is missing is undefined': (r) => r.json('items.9') === undefined,
  });
}
